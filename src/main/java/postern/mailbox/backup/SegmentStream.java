package postern.mailbox.backup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import postern.mailbox.body.Disk;

/// The bytes of a segment's file.
final class SegmentStream extends InputStream {
    private final Disk.DiskFile file;
    private long at;

    /// Takes the file over.
    SegmentStream(Disk.DiskFile file) {
        this.file = file;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 1 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        int count = file.read(ByteBuffer.wrap(into, offset, length), at);
        at += Math.max(count, 0);
        return count;
    }

    @Override
    public void close() {
        file.close();
    }
}
