package postern.queue;

import java.io.IOException;
import java.nio.ByteBuffer;
import postern.queue.Disk.DiskFile;

/// Reads a segment that was not closed, record by record, up to its end or to where it was torn.
final class SegmentScan {
    private static final int AT_ONCE = 256 * 1024;

    private final DiskFile file;
    private final SegmentName name;
    private ByteBuffer window = ByteBuffer.allocate(AT_ONCE).limit(0);
    private long next = SegmentHeader.BYTES;

    private SegmentScan(DiskFile file, SegmentName name) {
        this.file = file;
        this.name = name;
    }

    /// The rows of a segment: from its footer, or when that is damaged from its records.
    static Rows rows(DiskFile file, SegmentName name) throws IOException {
        SegmentFooter.Found footer = SegmentFooter.read(file, name);
        return footer == null ? scan(file, name).rows() : footer.rows();
    }

    static SegmentFooter.Found scan(DiskFile file, SegmentName name) throws IOException {
        return new SegmentScan(file, name).run();
    }

    private SegmentFooter.Found run() throws IOException {
        Rows rows = new Rows();
        long at = SegmentHeader.BYTES;
        while (has(LogRecord.HEADER)) {
            LogRecord.Header header = LogRecord.Header.read(window);
            if (!header.isPlausible() || header.kind() == RecordKind.FOOTER.code() || !has(header.length())) {
                break;
            }
            ByteBuffer payload = window.slice(window.position(), header.length());
            if (!LogRecord.isSound(header, payload, name)) {
                break;
            }
            if (header.kind() != RecordKind.BODY.code()) {
                add(rows, header, payload.duplicate(), (int) at);
            }
            window.position(window.position() + header.length());
            at += header.size();
        }
        return new SegmentFooter.Found(at, rows);
    }

    /// A sound record that makes no sense has no row: it must not keep the others from being found.
    private void add(Rows rows, LogRecord.Header header, ByteBuffer payload, int at) {
        try {
            rows.add(Row.of(header, payload, at, name));
        } catch (DamagedException e) {
            // no row
        }
    }

    /// Makes sure that so many bytes lie in the window; false when the file ends before.
    private boolean has(int count) throws IOException {
        while (window.remaining() < count) {
            if (count > window.capacity()) {
                window = ByteBuffer.allocate(count + AT_ONCE).put(window).flip();
            }
            window.compact();
            int read = file.read(window, next);
            window.flip();
            if (read <= 0) {
                return false;
            }
            next += read;
        }
        return true;
    }
}
