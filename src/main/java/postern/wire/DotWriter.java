package postern.wire;

import java.io.IOException;
import java.nio.ByteBuffer;

/// Writes a message behind DATA (RFC 5321 §4.5.2): stuffs dots by runs and ends with CR LF . CR LF. What goes
/// in is canonical (lines end with CR LF), in pieces cut anywhere.
public final class DotWriter {
    private static final byte[] END = {'.', '\r', '\n'};
    private static final byte[] LINE_END = {'\r', '\n'};

    private final ByteSink sink;
    private final ByteBuffer out;
    private boolean atLineStart = true;
    private long written;

    /// @param out the buffer to collect in; given back empty by [#finish()]
    public DotWriter(ByteSink sink, ByteBuffer out) {
        this.sink = sink;
        this.out = out;
    }

    public void write(ByteBuffer piece) throws IOException {
        byte[] bytes = piece.array();
        int from = piece.arrayOffset() + piece.position();
        int to = piece.arrayOffset() + piece.limit();
        int runStart = from;
        if (from < to && atLineStart && bytes[from] == '.') {
            put('.');
        }
        for (int i = Scan.newline(bytes, from, to - 1); i >= 0; i = Scan.newline(bytes, i + 1, to - 1)) {
            if (bytes[i + 1] == '.') {
                put(bytes, runStart, i + 1);
                put('.');
                runStart = i + 1;
            }
        }
        if (from < to) {
            put(bytes, runStart, to);
            atLineStart = bytes[to - 1] == '\n';
        }
        piece.position(piece.limit());
    }

    /// Ends the message and hands everything to the sink. A message that did not end with a line end gets
    /// one.
    public void finish() throws IOException {
        end();
        flush();
    }

    /// Ends the message; what the buffer holds then stays there, for more to come behind it.
    public void end() throws IOException {
        if (!atLineStart) {
            put(LINE_END, 0, 2);
        }
        put(END, 0, 3);
    }

    /// Bytes put so far, dots and end included.
    public long written() {
        return written;
    }

    private void put(char c) throws IOException {
        if (!out.hasRemaining()) {
            flush();
        }
        out.put((byte) c);
        written++;
    }

    private void put(byte[] bytes, int from, int to) throws IOException {
        written += to - from;
        while (from < to) {
            if (!out.hasRemaining()) {
                flush();
            }
            int count = Math.min(out.remaining(), to - from);
            out.put(bytes, from, count);
            from += count;
        }
    }

    private void flush() throws IOException {
        sink.write(out.flip());
        out.clear();
    }
}
