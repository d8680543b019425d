package postern.queue;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Writes a segment of survivors from beginning to end. Owned by the thread that empties segments.
final class SurvivorWriter {
    private final SegmentFile file;
    private final Segment segment;
    private final Buffers buffers;
    private Batch batch;

    private SurvivorWriter(SegmentFile file, Buffers buffers) {
        this.file = file;
        this.segment = file.segment();
        this.buffers = buffers;
        this.batch = new Batch(segment);
    }

    static SurvivorWriter create(Segment segment, Disk disk, long lastId, Buffers buffers) throws IOException {
        return new SurvivorWriter(SegmentFile.create(segment, disk, lastId, 0, null), buffers);
    }

    Segment segment() {
        return segment;
    }

    /// @param row what the footer says of it; null for a body
    Kept.Place append(LogRecord record, @Nullable Row row) throws IOException {
        if (batch.isFull()) {
            flush();
        }
        int offset = batch.append(record, buffers);
        segment.append(record.size(), row);
        return new Kept.Place(segment, offset);
    }

    /// What was appended can be read, and lasts.
    void force() throws IOException {
        flush();
        file.force();
    }

    void close() throws IOException {
        flush();
        Rows rows = segment.rows();
        if (rows != null) {
            file.close(segment.end(), rows);
        }
    }

    /// Gives up; what was forced stays.
    void fail() {
        batch.giveBack(buffers);
        file.release();
    }

    private void flush() throws IOException {
        if (batch.length() > 0) {
            file.write(batch.bytes(), batch.start(), batch.length());
            batch.giveBack(buffers);
            batch = new Batch(segment);
        }
    }
}
