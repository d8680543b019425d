package postern.queue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Copies what lives in some segments forward. Each part of it is forced before the catalog learns of the new
/// places, so that at any moment what the catalog points to is on the disk.
///
/// A message moves as a whole, also with pieces that lie in segments that stay.
final class Forward {
    /// So much is copied before it is forced: a long force would hold up those who commit.
    private static final int AT_ONCE = 8 * 1024 * 1024;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final List<Segment> victims;
    private final Arrival.Door door;
    private final Flusher.Opening opening;
    private final LogReader reader;
    private final Buffers buffers;
    private final Set<Segment> unreadable = new HashSet<>();
    private final Set<QueueId> straddlersMoved = new HashSet<>();
    private final List<Move> moves = new ArrayList<>();
    private @Nullable SurvivorWriter writer;
    private int unforced;

    /// A state record, or a message, that lies in two places until the catalog knows the new one.
    ///
    /// @param size of a state record
    /// @param from,to what a message takes in each segment; empty for a state record
    private record Move(
            QueueId id, Kept.Place before, Kept.Place after, int size, List<Kept.Share> from, List<Kept.Share> to) {}

    Forward(List<Segment> victims, Arrival.Door door, Flusher.Opening opening, LogReader reader, Buffers buffers) {
        this.victims = victims;
        this.door = door;
        this.opening = opening;
        this.reader = reader;
        this.buffers = buffers;
    }

    /// Copies what lives in the victims. When this returns, the victims are not needed any more: what replaces
    /// their records is forced. Returns those of which something could not be read.
    Set<Segment> run() throws IOException {
        try {
            for (Segment victim : victims) {
                copy(victim);
            }
            if (writer == null && holdsLast()) {
                open();
            }
            finish();
        } catch (IOException | RuntimeException e) {
            fail();
            throw e;
        }
        door.flusher().barrier();
        return unreadable;
    }

    private void copy(Segment victim) throws IOException {
        Rows rows;
        List<QueueId> straddlers;
        synchronized (door.lock()) {
            if (victim.usage().isEmpty()) {
                return;
            }
            rows = victim.rows();
            straddlers = List.copyOf(victim.usage().straddlers());
        }
        try (Segment.Hold hold = victim.source().hold()) {
            Rows all = rows == null ? SegmentScan.rows(hold.file(), victim.name()) : rows;
            for (int i = 0; i < all.size(); i++) {
                copy(new Source(victim, hold), all.get(i));
            }
        }
        for (QueueId id : straddlers) {
            Kept.Place mail = mailPlace(id);
            if (mail != null && straddlersMoved.add(id)) {
                mail(victim, id, mail);
            }
        }
    }

    private record Source(Segment victim, Segment.Hold hold) {}

    private void copy(Source from, Row row) throws IOException {
        QueueId id = row.queueId();
        Kept.Place place = new Kept.Place(from.victim(), row.offset());
        RecordKind kind = RecordKind.of(row.kind());
        switch (kind) {
            case null -> {
                if (mailPlace(id) != null && record(from, row) != null && writer != null) {
                    writer.segment().usage().unknownWritten();
                }
            }
            case MAIL -> {
                if (place.equals(mailPlace(id)) && !straddlersMoved.contains(id)) {
                    mail(from.victim(), id, place);
                }
            }
            case LATER, HOLD -> {
                Kept.Place after = place.equals(statePlace(id)) ? record(from, row) : null;
                if (after != null) {
                    moves.add(new Move(id, place, after, row.size(), List.of(), List.of()));
                }
            }
            case DONE -> {
                Kept.Place after = isNeeded(row.mailSegment()) ? record(from, row) : null;
                if (after != null) {
                    synchronized (door.lock()) {
                        after.segment().usage().doneWritten(row.mailSegment());
                    }
                }
            }
            case BODY, FOOTER -> {}
        }
    }

    /// Copies one record as it is; null when it cannot be read.
    private Kept.@Nullable Place record(Source from, Row row) throws IOException {
        ByteBuffer payload;
        try {
            payload = from.hold().record(row.offset());
        } catch (IOException e) {
            unreadable.add(from.victim());
            return null;
        }
        SurvivorWriter to = writer();
        unforced += row.size();
        return to.append(
                new LogRecord(row.kind(), row.id(), payload, NOTHING),
                row.at(to.segment().end()));
    }

    /// Copies a message with all its pieces.
    private void mail(Segment victim, QueueId id, Kept.Place place) throws IOException {
        LogReader.Located located;
        List<Kept.Share> from;
        try {
            located = reader.mail(place);
            from = reader.shares(place, located);
        } catch (IOException e) {
            unreadable.add(victim);
            return;
        }
        SurvivorWriter to = writer();
        Segment segment = to.segment();
        int content = 0;
        List<Piece> pieces = new ArrayList<>();
        for (Piece piece : located.record().text().pieces()) {
            ByteBuffer payload = body(piece);
            if (payload == null) {
                unreadable.add(victim);
                return;
            }
            Kept.Place at = to.append(new LogRecord(RecordKind.BODY, id, payload), null);
            pieces.add(new Piece(segment.name(), at.offset(), piece.length()));
            content += piece.size();
        }
        Text text = located.record().text();
        MailRecord moved = new MailRecord(
                new Text(text.size(), text.checksum(), pieces),
                located.record().arrival(),
                located.record().envelope());
        LogRecord record = new LogRecord(RecordKind.MAIL, id, moved.encode());
        content += record.size();
        Row row = Row.mail(id, segment.end(), record.size(), content, false, (int) moved.arrival());
        Kept.Place after = to.append(record, row);
        unforced += content;
        moves.add(new Move(id, place, after, 0, from, List.of(new Kept.Share(segment, content))));
    }

    private @Nullable ByteBuffer body(Piece piece) {
        try (Segment.Hold hold = reader.hold(piece.segment())) {
            ByteBuffer payload = hold.record(piece.offset());
            return payload.remaining() == piece.length() ? payload : null;
        } catch (IOException e) {
            return null;
        }
    }

    /// Where the next thing goes: what was written is forced now and then, and the segment closed when it is
    /// full.
    private SurvivorWriter writer() throws IOException {
        SurvivorWriter current = writer;
        if (current != null) {
            Segment segment = current.segment();
            Rows rows = segment.rows();
            boolean full = segment.end() >= opening.limits().segmentBytes()
                    || rows != null && rows.size() >= opening.limits().segmentRows();
            if (full) {
                finish();
            } else if (unforced >= AT_ONCE) {
                install(current);
            }
        }
        return writer == null ? open() : writer;
    }

    private SurvivorWriter open() throws IOException {
        Segment segment;
        synchronized (door.lock()) {
            Segments segments = door.catalog().segments();
            SegmentName name = segments.nextSurvivors(door.tail().open());
            segment = new Segment(name, opening.disk(), opening.clock().instant());
            segments.add(segment);
        }
        try {
            SurvivorWriter made = SurvivorWriter.create(
                    segment, opening.disk(), opening.lastId().getAsLong(), buffers);
            writer = made;
            return made;
        } catch (IOException e) {
            failed(segment);
            throw e;
        }
    }

    private void finish() throws IOException {
        SurvivorWriter current = writer;
        if (current != null) {
            install(current);
            current.close();
            writer = null;
            synchronized (door.lock()) {
                current.segment().closed(opening.clock().instant());
            }
        }
    }

    /// Forces what was copied and tells the catalog.
    private void install(SurvivorWriter current) throws IOException {
        current.force();
        unforced = 0;
        synchronized (door.lock()) {
            for (Move move : moves) {
                if (move.to().isEmpty()) {
                    stateMoved(move);
                } else {
                    mailMoved(move);
                }
            }
        }
        moves.clear();
    }

    private void stateMoved(Move move) {
        move.after().segment().usage().stateWritten(move.size());
        Kept kept = door.catalog().find(move.id());
        if (kept != null && move.before().equals(kept.state())) {
            door.catalog().stateMoved(kept, move.after());
            door.catalog().store(kept);
        }
    }

    private void mailMoved(Move move) throws IOException {
        Segment segment = move.after().segment();
        segment.usage().contentWritten(move.to().getFirst().bytes());
        LogRecord done = LogRecord.done(move.id(), segment.name());
        boolean hasRoom = door.flusher().awaitRoomUnlessFailing(done.size());
        Kept kept = door.catalog().find(move.id());
        if (kept != null && move.before().equals(kept.mail())) {
            door.catalog().mailMoved(kept, move.from(), move.after(), move.to());
            if (!victims.contains(move.before().segment())) {
                door.catalog().copyStays(move.id(), move.before().segment());
            }
        } else if (hasRoom) {
            Segment to = door.tail().segment();
            door.tail().append(done, Row.done(move.id(), to.end(), done.size(), segment.name()));
            to.usage().doneWritten(segment.name());
        } else {
            throw new IOException("the log takes no records");
        }
    }

    private void fail() {
        SurvivorWriter current = writer;
        if (current != null) {
            current.fail();
            failed(current.segment());
            writer = null;
        }
    }

    /// It holds copies of messages whose place is elsewhere: it must go before anything else goes.
    private void failed(Segment segment) {
        synchronized (door.lock()) {
            segment.failed();
            segment.trouble(Segment.Trouble.STALE);
        }
    }

    private boolean holdsLast() {
        synchronized (door.lock()) {
            return victims.stream().anyMatch(door.catalog().segments()::isLast);
        }
    }

    private boolean isNeeded(SegmentName mail) {
        synchronized (door.lock()) {
            Segment segment = door.catalog().segments().find(mail);
            return segment != null && !victims.contains(segment);
        }
    }

    private Kept.@Nullable Place mailPlace(QueueId id) {
        synchronized (door.lock()) {
            Kept kept = door.catalog().find(id);
            return kept == null ? null : kept.mail();
        }
    }

    private Kept.@Nullable Place statePlace(QueueId id) {
        synchronized (door.lock()) {
            Kept kept = door.catalog().find(id);
            return kept == null ? null : kept.state();
        }
    }
}
