package postern.queue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Records gathered for one write: all of one segment, one behind the other. Guarded by the queue's lock until
/// the flusher takes it.
final class Batch {
    private final Segment segment;
    private final int start;
    private final List<ByteBuffer> buffers = new ArrayList<>();
    private final List<Ticket> tickets = new ArrayList<>();
    private final Map<Integer, Riding> states = new LinkedHashMap<>();
    private final ByteBuffer header = ByteBuffer.allocate(LogRecord.HEADER);
    private int length;

    /// A record that nobody waits for.
    record Riding(LogRecord record, Row row) {}

    Batch(Segment segment) {
        this.segment = segment;
        this.start = segment.end();
    }

    Segment segment() {
        return segment;
    }

    /// Where in the segment the batch begins.
    int start() {
        return start;
    }

    /// Whether nothing lies before it in its segment.
    boolean isFirst() {
        return start == SegmentHeader.BYTES;
    }

    int length() {
        return length;
    }

    /// Those who wait for its force.
    List<Ticket> tickets() {
        return tickets;
    }

    /// Records that ride along, by their offset in the segment: when the write fails they are appended again.
    Map<Integer, Riding> states() {
        return states;
    }

    /// Bytes that fit without another buffer.
    int room() {
        return buffers.isEmpty() ? 0 : buffers.getLast().remaining();
    }

    /// Whether a buffer is full: something to write, whether or not somebody waits.
    boolean isFull() {
        return buffers.size() > 1;
    }

    /// Returns the record's offset in the segment.
    int append(LogRecord record, Buffers pool) {
        int offset = start + length;
        record.putHeader(header.clear(), segment.name());
        put(header.flip(), pool);
        put(record.first().duplicate(), pool);
        put(record.second().duplicate(), pool);
        length += record.size();
        return offset;
    }

    private void put(ByteBuffer part, Buffers pool) {
        while (part.hasRemaining()) {
            if (room() == 0) {
                buffers.add(pool.lend());
            }
            ByteBuffer into = buffers.getLast();
            int count = Math.min(part.remaining(), into.remaining());
            into.put(into.position(), part, part.position(), count);
            into.position(into.position() + count);
            part.position(part.position() + count);
        }
    }

    /// What there is to write.
    ByteBuffer[] bytes() {
        return buffers.stream().map(buffer -> buffer.duplicate().flip()).toArray(ByteBuffer[]::new);
    }

    void giveBack(Buffers pool) {
        buffers.forEach(pool::giveBack);
        buffers.clear();
    }
}
