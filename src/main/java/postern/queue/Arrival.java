package postern.queue;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import postern.smtp.HandoverId;
import postern.smtp.Reply;
import postern.smtp.extension.XHandover;

/// A message on its way in. What arrives goes to the log as BODY records at once; only small pieces are
/// gathered first, so that many of them do not become many records.
final class Arrival implements Queue.Incoming {
    /// A message moves as a whole into one segment, whose offsets have 31 bits.
    private static final long SIZE_MOST = 1L << 30;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final QueueId id;
    private final @Nullable HandoverId handover;
    private final Door door;
    private final CRC32C checksum = new CRC32C();
    private final List<Piece> pieces = new ArrayList<>();
    private final Map<Segment, Integer> bytes = new LinkedHashMap<>();
    private @Nullable ByteBuffer gathered;
    private long size;
    private @Nullable Submitted submitted;
    private boolean over;

    /// What arrivals share.
    ///
    /// @param lock guards tail and catalog
    record Door(
            Object lock, LogTail tail, Flusher flusher, Catalog catalog, Gatherers gatherers, Handovers handovers) {}

    private record Submitted(Kept kept, Kept.Facts facts, Ticket ticket) {}

    /// @param handover what the message came under, which has begun; null for none
    Arrival(QueueId id, @Nullable HandoverId handover, Door door) {
        this.id = id;
        this.handover = handover;
        this.door = door;
    }

    @Override
    public QueueId id() {
        return id;
    }

    @Override
    public void write(ByteBuffer piece) {
        requireOpen();
        if (size + piece.remaining() > SIZE_MOST) {
            throw new Reply.Refused("552 5.3.4 Error: message file too big");
        }
        size += piece.remaining();
        checksum.update(piece.duplicate());
        while (piece.hasRemaining()) {
            int waiting = gathered == null ? 0 : gathered.position();
            int count = Math.min(piece.remaining(), LogRecord.BODY_MOST - waiting);
            ByteBuffer part = piece.slice(piece.position(), count);
            piece.position(piece.position() + count);
            if (waiting + count < Gatherers.SIZE) {
                gather(part);
            } else {
                append(part);
            }
        }
    }

    @Override
    public void commit(Mail mail) {
        submit(mail);
        await();
    }

    /// Appends the MAIL record. It is not forced before [#await()] returns.
    void submit(Mail mail) {
        requireOpen();
        if (!mail.id().equals(id) || mail.size() != size) {
            throw new IllegalArgumentException("not the mail of " + id + " with " + size + " bytes: " + mail);
        }
        if (!Objects.equals(mail.params().get(XHandover.ID), handover)) {
            throw new IllegalArgumentException("not the mail of hand-over " + handover + ": " + mail);
        }
        if (gathered != null) {
            append(NOTHING);
        }
        Text text = new Text(size, (int) checksum.getValue(), pieces);
        long arrival = seconds(mail.arrival());
        ByteBuffer payload = new MailRecord(text, arrival, MailCodec.encode(mail)).encode();
        LogRecord record = new LogRecord(RecordKind.MAIL, id, payload);
        if (payload.remaining() > LogRecord.MOST) {
            throw new Reply.Refused("452 4.5.3 Error: too many recipients");
        }
        State state = State.initial(mail.recipients().size(), arrival);
        synchronized (door.lock()) {
            requireRoom(record.size());
            Segment home = door.tail().segment();
            int content = bytes.getOrDefault(home, 0) + record.size();
            boolean straddles = bytes.size() > (bytes.containsKey(home) ? 1 : 0);
            Row row = Row.mail(id, home.end(), record.size(), content, straddles, (int) arrival);
            Kept.Place place = door.tail().append(record, handover == null ? row : row.underId());
            count(home, record.size());
            Ticket ticket = new Ticket(id, handover);
            door.tail().add(ticket);
            door.lock().notifyAll();
            Kept.Facts facts = new Kept.Facts(state, shares(), LogReader.worthKeeping(text));
            submitted = new Submitted(new Kept(id, arrival, place), facts, ticket);
        }
    }

    /// Returns when the message is forced; it is active then.
    void await() {
        Submitted mine = submitted;
        if (mine == null) {
            throw new IllegalStateException(id + " is not submitted");
        }
        try {
            door.flusher().await(mine.ticket());
            synchronized (door.lock()) {
                door.catalog().committed(mine.kept(), mine.facts());
            }
        } finally {
            abort();
        }
    }

    /// Whether [#await()] would return at once.
    boolean isAnswered() {
        return submitted != null && submitted.ticket().isDone();
    }

    @Override
    public void abort() {
        if (over) {
            return;
        }
        over = true;
        if (handover != null) {
            door.handovers().end(handover);
        }
        synchronized (door.lock()) {
            bytes.keySet().forEach(segment -> segment.usage().pin(false));
            if (gathered != null) {
                door.gatherers().giveBack(gathered);
                gathered = null;
            }
        }
    }

    private void gather(ByteBuffer part) {
        if (gathered == null) {
            synchronized (door.lock()) {
                gathered = door.gatherers().lend();
            }
        }
        gathered.put(part);
    }

    /// Appends what was gathered, and this.
    private void append(ByteBuffer part) {
        ByteBuffer before = gathered == null ? NOTHING : gathered.flip();
        LogRecord record = new LogRecord(RecordKind.BODY.code(), id.value(), before, part);
        synchronized (door.lock()) {
            requireRoom(record.size());
            Kept.Place place = door.tail().append(record, null);
            pieces.add(new Piece(place.segment().name(), place.offset(), record.size() - LogRecord.HEADER));
            count(place.segment(), record.size());
            if (gathered != null) {
                door.gatherers().giveBack(gathered);
                gathered = null;
            }
            if (door.tail().isWanted()) {
                door.lock().notifyAll();
            }
        }
    }

    /// From now on the segment must stay.
    private void count(Segment segment, int more) {
        if (bytes.merge(segment, more, Integer::sum) == more) {
            segment.usage().pin(true);
        }
    }

    private List<Kept.Share> shares() {
        return bytes.entrySet().stream()
                .map(entry -> new Kept.Share(entry.getKey(), entry.getValue()))
                .toList();
    }

    /// Refuses when nothing can be written, or when what was written is lost.
    private void requireRoom(int size) {
        boolean lost = false;
        if (door.flusher().awaitRoomUnlessFailing(size)) {
            for (Segment segment : bytes.keySet()) {
                lost |= segment.status() == Segment.Status.FAILED;
            }
            if (!lost) {
                return;
            }
        }
        Reply reply = door.flusher().refusal();
        throw new Reply.Refused(reply == null ? Flusher.WRITE_ERROR : reply);
    }

    private void requireOpen() {
        if (over || submitted != null) {
            throw new IllegalStateException(id + " is committed or aborted");
        }
    }

    /// Whole seconds of the epoch, rounded up: never due too early.
    static long seconds(Instant instant) {
        return instant.getEpochSecond() + (instant.getNano() > 0 ? 1 : 0);
    }

    /// Buffers for small pieces, kept for the next message. Guarded by the queue's lock.
    static final class Gatherers {
        static final int SIZE = 4096;
        private static final int KEPT = 32;
        private final ArrayDeque<ByteBuffer> spare = new ArrayDeque<>();

        ByteBuffer lend() {
            ByteBuffer buffer = spare.pollFirst();
            return buffer == null ? ByteBuffer.allocate(SIZE) : buffer;
        }

        void giveBack(ByteBuffer buffer) {
            if (spare.size() < KEPT) {
                spare.addFirst(buffer.clear());
            }
        }
    }
}
