package postern.queue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import postern.queue.Disk.DiskFile;

/// The end of a closed segment: a FOOTER record with the segment's [Rows], then, as the file's last bytes,
/// where that record begins (magic 8, offset 8, CRC-32C of both 4).
final class SegmentFooter {
    private static final long MAGIC = 0x506f737465726e46L; // "PosternF"
    private static final int TRAILER = 20;
    /// More than any segment closes with.
    private static final int ROWS_MOST = 16 * 1024 * 1024;

    private SegmentFooter() {}

    /// Closes a segment whose records end at `end`: afterwards the file ends with the footer. It is for the
    /// caller to force it.
    static void write(DiskFile file, SegmentName segment, long end, Rows rows) throws IOException {
        ByteBuffer payload = rows.payload();
        LogRecord record = new LogRecord(RecordKind.FOOTER.code(), 0, payload, ByteBuffer.allocate(0));
        ByteBuffer header = ByteBuffer.allocate(LogRecord.HEADER);
        record.putHeader(header, segment);
        ByteBuffer[] parts = {header.flip(), payload, trailer(end)};
        long size = end + header.remaining() + payload.remaining() + TRAILER;
        file.write(parts, end);
        file.truncate(size);
    }

    private static ByteBuffer trailer(long end) {
        ByteBuffer trailer = ByteBuffer.allocate(TRAILER).putLong(MAGIC).putLong(end);
        return trailer.putInt(sum(trailer)).flip();
    }

    private static int sum(ByteBuffer trailer) {
        CRC32C sum = new CRC32C();
        sum.update(trailer.array(), 0, TRAILER - Integer.BYTES);
        return (int) sum.getValue();
    }

    /// The footer of a file; null when it has none.
    static @Nullable Found read(DiskFile file, SegmentName segment) throws IOException {
        long size = file.size();
        if (size < SegmentHeader.BYTES + LogRecord.HEADER + TRAILER) {
            return null;
        }
        ByteBuffer trailer = ByteBuffer.allocate(TRAILER);
        file.readFully(trailer, size - TRAILER);
        long magic = trailer.getLong();
        long end = trailer.getLong();
        if (magic != MAGIC || trailer.getInt() != sum(trailer)) {
            return null;
        }
        long length = size - TRAILER - LogRecord.HEADER - end;
        if (end < SegmentHeader.BYTES || length < 0 || length > ROWS_MOST) {
            return null;
        }
        ByteBuffer record = ByteBuffer.allocate(LogRecord.HEADER + (int) length);
        file.readFully(record, end);
        LogRecord.Header header = LogRecord.Header.read(record);
        boolean sound = header.kind() == RecordKind.FOOTER.code()
                && header.length() == length
                && LogRecord.isSound(header, record, segment);
        return sound ? new Found(end, new Rows(record.slice())) : null;
    }

    /// @param end where the segment's records end
    record Found(long end, Rows rows) {}
}
