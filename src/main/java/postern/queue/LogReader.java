package postern.queue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Reads messages back from the log. The lock is held for looking up only, not while reading; when survivors
/// were copied forward meanwhile, it starts again.
final class LogReader {
    /// Texts of up to so many pieces are found again without reading the MAIL record.
    private static final int PIECES_KEPT = 4;

    private final Object lock;
    private final Catalog catalog;
    private final LogTail tail;

    LogReader(Object lock, Catalog catalog, LogTail tail) {
        this.lock = lock;
        this.catalog = catalog;
        this.tail = tail;
    }

    /// What is known of a message, and by which record.
    ///
    /// @param state the place that the state was read from; null when there is no state record
    record Known(Kept.Facts facts, Kept.Place mail, Kept.@Nullable Place state) {}

    /// A MAIL record and its bytes with header.
    record Located(MailRecord record, int size) {}

    /// Where a message's records lay, and its state record when that had not been written yet.
    private record Found(
            QueueId id,
            long due,
            boolean held,
            Kept.Place mail,
            Kept.@Nullable Place state,
            @Nullable ByteBuffer unwritten) {}

    private record Loaded(Found found, Mail mail, Kept.Facts facts) {}

    /// What is known of a message, read when that is needed; null when it is gone.
    @Nullable
    Known known(QueueId id) throws IOException {
        synchronized (lock) {
            Kept kept = catalog.find(id);
            Kept.Facts facts = kept == null ? null : kept.facts();
            if (kept != null && facts != null) {
                return new Known(facts, kept.mail(), kept.state());
            }
        }
        Loaded loaded = load(id);
        return loaded == null
                ? null
                : new Known(
                        loaded.facts(), loaded.found().mail(), loaded.found().state());
    }

    /// Everything of a message; null when it is gone.
    @Nullable
    Queued read(QueueId id) throws IOException {
        Loaded loaded = load(id);
        if (loaded == null) {
            return null;
        }
        Found found = loaded.found();
        State state = loaded.facts().state();
        return new Queued(
                loaded.mail(),
                state.open(),
                state.tries(),
                Instant.ofEpochSecond(found.due()),
                found.held(),
                state.warned(),
                state.reasons());
    }

    /// Opens a message's text.
    Body body(QueueId id) throws IOException {
        while (true) {
            Found found = find(id);
            if (found == null) {
                throw new NoSuchFileException(id.toString());
            }
            Text text = text(id);
            try {
                return open(text == null ? mail(found.mail()).record().text() : text);
            } catch (NoSuchFileException e) {
                mustHaveChanged(found, e);
            }
        }
    }

    Located mail(Kept.Place place) throws IOException {
        try (Segment.Hold hold = place.segment().source().hold()) {
            ByteBuffer payload = hold.record(place.offset());
            return new Located(MailRecord.decode(payload.duplicate()), LogRecord.HEADER + payload.remaining());
        }
    }

    /// How much of each segment a message takes.
    ///
    /// @throws NoSuchFileException when a segment is gone
    List<Kept.Share> shares(Kept.Place mail, Located located) throws NoSuchFileException {
        Map<Segment, Integer> bytes = new LinkedHashMap<>();
        bytes.put(mail.segment(), located.size());
        synchronized (lock) {
            for (Piece piece : located.record().text().pieces()) {
                bytes.merge(segment(piece.segment()), piece.size(), Integer::sum);
            }
        }
        return bytes.entrySet().stream()
                .map(entry -> new Kept.Share(entry.getKey(), entry.getValue()))
                .toList();
    }

    /// The same, or null when it is so long that it is rather read again.
    static @Nullable Text worthKeeping(Text text) {
        return text.pieces().size() > PIECES_KEPT ? null : text;
    }

    private @Nullable Loaded load(QueueId id) throws IOException {
        while (true) {
            Found found = find(id);
            if (found == null) {
                return null;
            }
            try {
                Located located = mail(found.mail());
                Mail mail = MailCodec.decode(id, located.record().envelope().duplicate());
                State state =
                        state(found, mail.recipients().size(), located.record().arrival());
                Text text = worthKeeping(located.record().text());
                Kept.Facts facts = new Kept.Facts(state, shares(found.mail(), located), text);
                learn(found, facts);
                return new Loaded(found, mail, facts);
            } catch (NoSuchFileException e) {
                mustHaveChanged(found, e);
            }
        }
    }

    private @Nullable Found find(QueueId id) {
        synchronized (lock) {
            Kept kept = catalog.find(id);
            if (kept == null) {
                return null;
            }
            Kept.Place state = kept.state();
            LogRecord unwritten = state == null ? null : tail.pending(state);
            return new Found(
                    id, kept.due(), kept.held(), kept.mail(), state, unwritten == null ? null : unwritten.payload());
        }
    }

    private State state(Found found, int recipients, long arrival) throws IOException {
        if (found.unwritten() != null) {
            return State.decode(found.unwritten());
        }
        if (found.state() == null) {
            return State.initial(recipients, arrival);
        }
        try (Segment.Hold hold = found.state().segment().source().hold()) {
            return State.decode(hold.record(found.state().offset()));
        }
    }

    /// Keeps what was read, when the message is active and nothing happened to it meanwhile.
    private void learn(Found found, Kept.Facts facts) {
        synchronized (lock) {
            Kept kept = catalog.find(found.id());
            if (kept != null && catalog.isActive(found.id()) && isSame(kept, found)) {
                kept.facts(facts);
            }
        }
    }

    private static boolean isSame(Kept kept, Found found) {
        return kept.mail().equals(found.mail()) && Objects.equals(kept.state(), found.state());
    }

    private void mustHaveChanged(Found found, NoSuchFileException e) throws NoSuchFileException {
        synchronized (lock) {
            Kept kept = catalog.find(found.id());
            if (kept != null && isSame(kept, found)) {
                throw e;
            }
        }
    }

    private @Nullable Text text(QueueId id) {
        synchronized (lock) {
            Kept kept = catalog.find(id);
            Kept.Facts facts = kept == null ? null : kept.facts();
            return facts == null ? null : facts.text();
        }
    }

    private Body open(Text text) throws IOException {
        Map<SegmentName, Segment.Hold> holds = new LinkedHashMap<>();
        try {
            for (Piece piece : text.pieces()) {
                if (!holds.containsKey(piece.segment())) {
                    holds.put(piece.segment(), hold(piece.segment()));
                }
            }
            return new LogBody(text, holds);
        } catch (IOException e) {
            holds.values().forEach(Segment.Hold::close);
            throw e;
        }
    }

    /// Holds the file of a segment.
    ///
    /// @throws NoSuchFileException when it is gone
    Segment.Hold hold(SegmentName name) throws IOException {
        Segment segment;
        synchronized (lock) {
            segment = segment(name);
        }
        return segment.source().hold();
    }

    private Segment segment(SegmentName name) throws NoSuchFileException {
        Segment segment = catalog.segments().find(name);
        if (segment == null) {
            throw new NoSuchFileException(name.toString());
        }
        return segment;
    }
}
