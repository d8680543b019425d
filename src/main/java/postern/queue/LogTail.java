package postern.queue;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The end of the log, in memory: the batch that fills, the one being written, the segment that records go to.
/// Guarded by the queue's lock; does no I/O.
final class LogTail {
    private final Disk disk;
    private final QueueLimits limits;
    private final InstantSource clock;
    private final Segments segments;
    private final Buffers buffers;
    private @Nullable Segment open;
    private @Nullable Batch filling;
    private @Nullable Batch writing;
    private long ridingSince;

    LogTail(Disk disk, QueueLimits limits, InstantSource clock, Segments segments) {
        this.disk = disk;
        this.limits = limits;
        this.clock = clock;
        this.segments = segments;
        this.buffers = new Buffers(limits.bufferBytes(), limits.buffers());
    }

    /// Whether a record of so many bytes can be appended now.
    boolean hasRoom(int bytes) {
        return buffers.room() + (filling == null ? 0 : filling.room()) >= bytes;
    }

    /// The segment that the next record goes to, at its [Segment#end()].
    Segment segment() {
        return batch().segment();
    }

    /// The segment that takes records; null when there is none.
    @Nullable
    Segment open() {
        return open;
    }

    /// Appends a record.
    ///
    /// @param row what the footer says of it; null for a body
    Kept.Place append(LogRecord record, @Nullable Row row) {
        Batch batch = batch();
        Segment segment = batch.segment();
        int offset = batch.append(record, buffers);
        segment.append(record.size(), row);
        RecordKind kind = RecordKind.of(record.kind());
        if (row == null || kind == RecordKind.MAIL) {
            segment.usage().contentWritten(record.size());
        } else {
            batch.states().put(offset, new Batch.Riding(record, row));
            ridingSince = ridingSince == 0 ? System.nanoTime() : ridingSince;
        }
        return new Kept.Place(segment, offset);
    }

    /// From now on the flusher has this to answer.
    void add(Ticket ticket) {
        batch().tickets().add(ticket);
    }

    /// A state record that has not reached the file yet; null when it has.
    @Nullable
    LogRecord pending(Kept.Place place) {
        LogRecord record = pending(filling, place);
        return record == null ? pending(writing, place) : record;
    }

    private static @Nullable LogRecord pending(@Nullable Batch batch, Kept.Place place) {
        Batch.Riding riding = batch == null || batch.segment() != place.segment()
                ? null
                : batch.states().get(place.offset());
        return riding == null ? null : riding.record();
    }

    /// Whether there is something to write now: somebody waits, or a buffer is full.
    boolean isWanted() {
        return filling != null && (filling.isFull() || !filling.tickets().isEmpty());
    }

    boolean isIdle() {
        return filling == null && writing == null;
    }

    /// Since when (nanoseconds) a record rides along in the filling batch; 0 when none does.
    long ridingSince() {
        return ridingSince;
    }

    /// Takes what has filled, for writing; null when there is nothing.
    @Nullable
    Batch take() {
        writing = filling;
        filling = null;
        ridingSince = 0;
        return writing;
    }

    /// The batch taken last is through, or has failed.
    void settled(Batch batch) {
        batch.giveBack(buffers);
        if (writing == batch) {
            writing = null;
        }
    }

    /// Nothing more will be written: returns those who wait for it.
    List<Ticket> giveUp() {
        List<Ticket> left = new ArrayList<>();
        for (Batch batch : new @Nullable Batch[] {writing, filling}) {
            if (batch != null) {
                left.addAll(batch.tickets());
            }
        }
        return left;
    }

    /// The next record goes to a new segment.
    void retire() {
        open = null;
    }

    /// Whether the open segment is to be closed although nothing comes.
    boolean isAged() {
        return open != null && filling == null && isOver(open);
    }

    private Batch batch() {
        if (filling == null) {
            if (open == null || isOver(open)) {
                open = new Segment(segments.nextName(), disk, clock.instant());
                segments.add(open);
            }
            filling = new Batch(open);
        }
        return filling;
    }

    private boolean isOver(Segment segment) {
        Rows rows = segment.rows();
        return segment.status() != Segment.Status.OPEN
                || segment.end() >= limits.segmentBytes()
                || (rows != null && rows.size() >= limits.segmentRows())
                || Duration.between(segment.since(), clock.instant()).compareTo(limits.age()) >= 0;
    }
}
