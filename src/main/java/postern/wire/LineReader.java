package postern.wire;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// Reads command and reply lines out of a [Window].
///
/// A line ends with LF; a CR before it belongs to the end. Whether a bare LF may end a command is the
/// session's decision (`smtpd_forbid_bare_newline`): [#endedBare()] tells. Bytes outside ASCII are read as
/// UTF-8 when they are valid UTF-8, else as Latin-1 ([#malformed()] tells), so that every byte has a visible
/// character in a log.
public final class LineReader {
    private final Window window;
    private boolean endedBare;
    private boolean malformed;

    public LineReader(Window window) {
        this.window = window;
    }

    /// What [#read(int)] found when it found no line.
    public static final class TooLong extends IOException {
        private static final long serialVersionUID = 1;

        TooLong(int limit) {
            super("line longer than " + limit + " bytes");
        }
    }

    /// The next line without its end, or null at the end of input (a last line without an end counts as no
    /// line).
    ///
    /// @param limit the most bytes a line may have, its end not counted
    /// @throws TooLong when it has more; the line has been read to its end and thrown away, in constant
    ///     memory
    public @org.jspecify.annotations.Nullable String read(int limit) throws IOException {
        StringBuilder head = null;
        int seen = 0;
        boolean tooLong = false;
        boolean crBefore = false;
        while (true) {
            byte[] bytes = window.bytes();
            int from = window.start();
            int to = window.end();
            int lf = indexOfLf(bytes, from, to);
            int stop = lf < 0 ? to : lf;
            int length = stop - from;
            if (seen + length > limit + 1) {
                tooLong = true;
            }
            if (lf >= 0) {
                int cr = length > 0 ? (bytes[lf - 1] == '\r' ? 1 : 0) : (crBefore ? 1 : 0);
                endedBare = cr == 0;
                tooLong |= seen + length - cr > limit;
                String line = tooLong ? "" : finish(head, bytes, from, length, cr);
                window.consume(length + 1);
                if (tooLong) {
                    throw new TooLong(limit);
                }
                return line;
            }
            if (length > 0) {
                crBefore = bytes[to - 1] == '\r';
                if (!tooLong) {
                    if (window.isFull()) {
                        head = head == null ? new StringBuilder() : head;
                        head.append(new String(bytes, from, length, StandardCharsets.ISO_8859_1));
                        seen += length;
                        window.consume(length);
                    }
                } else {
                    seen = limit + 2;
                    window.consume(length);
                }
            }
            if (!window.fill()) {
                return null;
            }
        }
    }

    /// Whether the last line ended with LF alone.
    public boolean endedBare() {
        return endedBare;
    }

    /// Whether the last line held bytes that are not UTF-8.
    public boolean malformed() {
        return malformed;
    }

    private static int indexOfLf(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private String finish(
            @org.jspecify.annotations.Nullable StringBuilder head, byte[] bytes, int from, int length, int cr) {
        if (head == null) {
            return decode(bytes, from, length - cr);
        }
        head.append(new String(bytes, from, length, StandardCharsets.ISO_8859_1));
        head.setLength(head.length() - cr);
        byte[] whole = head.toString().getBytes(StandardCharsets.ISO_8859_1);
        return decode(whole, 0, whole.length);
    }

    private String decode(byte[] bytes, int from, int length) {
        malformed = false;
        for (int i = from; i < from + length; i++) {
            if (bytes[i] < 0) {
                String text = Utf8.orNull(bytes, from, length);
                malformed = text == null;
                return text == null ? new String(bytes, from, length, StandardCharsets.ISO_8859_1) : text;
            }
        }
        return new String(bytes, from, length, StandardCharsets.ISO_8859_1);
    }
}
