package postern.wire;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Reads the chunks behind BDAT out of a [Window] (RFC 3030 §2), piece by piece, in constant memory. One
/// reader for all chunks of a message: a line end may lie across two of them.
///
/// What comes out is canonical as from [DotReader]: a bare LF has become CR LF, a bare CR a space. Dots mean
/// nothing here. Unaltered stretches are views of the window.
public final class ChunkReader {
    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] SPACE = {' '};
    private static final byte[] SPACE_CRLF = {' ', '\r', '\n'};

    private final Window window;
    private long left;
    private boolean heldReturn;
    private boolean atLineStart = true;
    private long bareNewlines;
    private long bareReturns;

    public ChunkReader(Window window) {
        this.window = window;
    }

    /// Begins a chunk of that many octets.
    public void begin(long size) {
        left = size;
    }

    /// The next piece of the chunk, valid until the next call; null once all its octets have been read.
    ///
    /// @throws EOFException when the peer left before its end
    public @Nullable ByteBuffer next() throws IOException {
        while (left > 0) {
            if (window.available() == 0) {
                more();
            }
            if (heldReturn) {
                return returnAnd(window.bytes()[window.start()]);
            }
            ByteBuffer run = run();
            if (run != null) {
                return run;
            }
        }
        return null;
    }

    /// What is missing behind the last chunk for its last line to end; null when nothing is.
    public @Nullable ByteBuffer finish() {
        if (heldReturn) {
            heldReturn = false;
            bareReturns++;
            return ByteBuffer.wrap(SPACE_CRLF);
        }
        return atLineStart ? null : ByteBuffer.wrap(CRLF);
    }

    /// Reads the rest of the chunk and throws it away.
    public void skip() throws IOException {
        while (left > 0) {
            if (window.available() == 0) {
                more();
            }
            consume((int) Math.min(window.available(), left));
        }
    }

    /// How many LF without a CR before them have been seen.
    public long bareNewlines() {
        return bareNewlines;
    }

    /// How many CR without an LF behind them have been seen.
    public long bareReturns() {
        return bareReturns;
    }

    private void more() throws IOException {
        if (!window.fill()) {
            throw new EOFException("lost connection after BDAT");
        }
    }

    private void consume(int count) {
        window.consume(count);
        left -= count;
    }

    /// The held CR, now that what follows it is known.
    private ByteBuffer returnAnd(byte next) {
        heldReturn = false;
        if (next != '\n') {
            bareReturns++;
            atLineStart = false;
            return ByteBuffer.wrap(SPACE);
        }
        consume(1);
        atLineStart = true;
        return ByteBuffer.wrap(CRLF);
    }

    /// The longest stretch from the start of the window that needs no change; null when a CR had to be held
    /// back.
    private @Nullable ByteBuffer run() {
        byte[] bytes = window.bytes();
        int from = window.start();
        int to = from + (int) Math.min(window.available(), left);
        for (int i = Scan.lineEnd(bytes, from, to); i < to; i = Scan.lineEnd(bytes, i + 1, to)) {
            byte b = bytes[i];
            if (b != '\n' && b != '\r') {
                continue;
            }
            if (b == '\r' && i + 1 < to && bytes[i + 1] == '\n') {
                i++;
                continue;
            }
            return i > from ? take(bytes, from, i) : odd(b, i + 1 == to);
        }
        return take(bytes, from, to);
    }

    /// A bare LF, a bare CR, or a CR of which that is not known yet.
    private @Nullable ByteBuffer odd(byte b, boolean last) {
        consume(1);
        if (b == '\n') {
            bareNewlines++;
            atLineStart = true;
            return ByteBuffer.wrap(CRLF);
        }
        if (last) {
            heldReturn = true;
            return null;
        }
        bareReturns++;
        atLineStart = false;
        return ByteBuffer.wrap(SPACE);
    }

    private ByteBuffer take(byte[] bytes, int from, int to) {
        consume(to - from);
        atLineStart = bytes[to - 1] == '\n';
        return ByteBuffer.wrap(bytes, from, to - from);
    }
}
