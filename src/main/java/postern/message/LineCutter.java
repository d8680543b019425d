package postern.message;

/// Cuts text that arrives in pieces into lines, and lines that are too long into pieces of equal length,
/// wherever the text was cut before.
final class LineCutter {
    /// Takes a line with its end, or a piece of one. Returns whether it wants more.
    interface Sink {
        boolean line(byte[] bytes, int from, int to, Piece piece);
    }

    /// What of a line a piece is.
    enum Piece {
        LINE,
        FIRST,
        MIDDLE,
        LAST;

        static Piece of(boolean begins, boolean ends) {
            return begins ? ends ? LINE : FIRST : ends ? LAST : MIDDLE;
        }

        boolean begins() {
            return this == LINE || this == FIRST;
        }

        boolean ends() {
            return this == LINE || this == LAST;
        }
    }

    private static final int LINE_END = 2;

    private final int longest;
    private final Sink sink;
    private final byte[] held;
    private int length;
    private boolean inside;
    private long offset;

    /// @param longest bytes of a line, without its end
    LineCutter(int longest, Sink sink) {
        this.longest = longest;
        this.sink = sink;
        this.held = new byte[longest + LINE_END];
    }

    /// Where in the body the piece stands that the sink is given; a line's end counts as one.
    long offset() {
        return offset;
    }

    /// Whether a line has begun and not ended.
    boolean isInside() {
        return inside || length > 0;
    }

    /// Another body begins.
    void restart() {
        offset = 0;
    }

    void passed(int count) {
        offset += count;
    }

    /// Takes lines until the sink wants no more behind one that ended. Returns where it stopped.
    int cut(byte[] bytes, int from, int to) {
        int at = from;
        boolean more = true;
        while (more && at < to) {
            int end = HeaderSplitter.afterLineEnd(bytes, at, to);
            boolean ends = bytes[end - 1] == '\n';
            if (length == 0 && ends && end - at <= held.length) {
                more = give(bytes, at, end, true);
                at = end;
                continue;
            }
            int count = Math.min(end - at, held.length - length);
            System.arraycopy(bytes, at, held, length, count);
            length += count;
            at += count;
            if (held[length - 1] == '\n') {
                int all = length;
                length = 0;
                more = give(held, 0, all, true);
            } else if (length == held.length) {
                give(held, 0, longest, false);
                System.arraycopy(held, longest, held, 0, LINE_END);
                length = LINE_END;
            }
        }
        return at;
    }

    void finish() {
        if (length > 0) {
            int all = length;
            length = 0;
            give(held, 0, all, false);
        }
    }

    private boolean give(byte[] bytes, int from, int to, boolean ends) {
        Piece piece = Piece.of(!inside, ends);
        inside = !ends;
        boolean more = sink.line(bytes, from, to, piece);
        offset += ends ? HeaderSplitter.beforeLineEnd(bytes, from, to) - from + 1 : to - from;
        return more;
    }
}
