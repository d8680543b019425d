package postern.smtp.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import postern.wire.ByteSink;

/// Breaks lines longer than `smtp_line_length_limit` with CR LF SPACE, as Postfix does (RFC 5321 §4.5.3.1.6:
/// a server need not take more than 998 characters). Text goes in in pieces cut anywhere.
///
/// It looks back from where a line would be too long to the nearest line end, so of usual text only every
/// few hundredth byte is read.
public final class LongLines implements ByteSink {
    private static final byte[] BREAK = {'\r', '\n', ' '};

    private final ByteSink next;
    private final int limit;
    private int column;
    private int broken;

    /// @param limit the most bytes of a line, its end not counted; 0 for no limit
    public LongLines(ByteSink next, int limit) {
        this.next = next;
        this.limit = limit;
    }

    /// How many lines have been broken.
    public int broken() {
        return broken;
    }

    @Override
    public void write(ByteBuffer piece) throws IOException {
        if (limit <= 0) {
            next.write(piece);
            return;
        }
        byte[] bytes = piece.array();
        int base = piece.arrayOffset();
        int from = base + piece.position();
        int to = base + piece.limit();
        int lineStart = from - column;
        int unsent = from;
        while (true) {
            int tooLong = lineStart + limit + 2;
            int newline = lastNewline(bytes, Math.max(lineStart, from), Math.min(tooLong, to));
            if (newline >= 0) {
                lineStart = newline + 1;
            } else if (tooLong <= to || isTooLong(bytes, lineStart, from, to)) {
                int cut = Math.max(lineStart + limit, unsent);
                send(bytes, unsent, cut);
                next.write(ByteBuffer.wrap(BREAK));
                broken++;
                unsent = cut;
                lineStart = cut - 1;
            } else {
                break;
            }
        }
        send(bytes, unsent, to);
        column = to - lineStart;
        piece.position(piece.limit());
    }

    /// At the end of a piece: one byte more than allowed, which is not the beginning of a line end.
    private boolean isTooLong(byte[] bytes, int lineStart, int from, int to) {
        return to - lineStart == limit + 1 && to > from && bytes[to - 1] != '\r';
    }

    private void send(byte[] bytes, int from, int to) throws IOException {
        if (to > from) {
            next.write(ByteBuffer.wrap(bytes, from, to - from));
        }
    }

    private static int lastNewline(byte[] bytes, int from, int to) {
        for (int i = to - 1; i >= from; i--) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    /// Whether no line of a whole text is too long.
    static boolean fits(byte[] bytes, int from, int to, int limit) {
        int lineStart = from;
        while (limit > 0 && to - lineStart > limit) {
            int newline = lastNewline(bytes, lineStart, Math.min(lineStart + limit + 2, to));
            if (newline < 0) {
                return false;
            }
            lineStart = newline + 1;
        }
        return true;
    }
}
