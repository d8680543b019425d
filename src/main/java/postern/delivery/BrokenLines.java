package postern.delivery;

import java.io.IOException;
import java.nio.ByteBuffer;
import postern.queue.Body;
import postern.smtp.client.LongLines;

/// A text whose lines are not longer than a limit: [LongLines] for one who reads.
final class BrokenLines implements Body {
    private static final int PIECE = 8 * 1024;

    private final Body text;
    private final int limit;
    private final ByteBuffer in = ByteBuffer.allocate(PIECE);
    private LongLines lines;
    private ByteBuffer out = ByteBuffer.allocate(PIECE + PIECE / 8).limit(0);
    private final long known;
    private long read;

    /// A text that is read to its end to know its size.
    ///
    /// @param limit the most bytes of a line; 0 for none
    BrokenLines(Body text, int limit) {
        this(text, limit, 0);
    }

    /// @param size what it came to when it was read before
    BrokenLines(Body text, int limit, long size) {
        this.text = text;
        this.limit = limit;
        this.lines = new LongLines(this::put, limit);
        this.known = size;
    }

    /// How many lines have been broken so far.
    int broken() {
        return lines.broken();
    }

    /// What has been read so far, when it was not known before.
    @Override
    public long size() {
        return known > 0 ? known : read;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        while (!out.hasRemaining()) {
            if (text.read(in.clear()) < 0) {
                return -1;
            }
            out.clear();
            lines.write(in.flip());
            out.flip();
        }
        int count = Math.min(into.remaining(), out.remaining());
        into.put(out.slice(out.position(), count));
        out.position(out.position() + count);
        read += count;
        return count;
    }

    private void put(ByteBuffer piece) {
        if (out.remaining() < piece.remaining()) {
            out = ByteBuffer.allocate(2 * (out.position() + piece.remaining())).put(out.flip());
        }
        out.put(piece);
    }

    @Override
    public void rewind() {
        text.rewind();
        lines = new LongLines(this::put, limit);
        out.limit(0);
        read = 0;
    }

    @Override
    public void close() {
        text.close();
    }
}
