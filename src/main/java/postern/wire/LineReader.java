package postern.wire;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

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
    public @Nullable String read(int limit) throws IOException {
        StringBuilder head = null;
        boolean tooLong = false;
        while (true) {
            int lf = Scan.newline(window.bytes(), window.start(), window.end());
            if (lf >= 0) {
                int length = lf - window.start();
                int cr = endsWithReturn(head, length) ? 1 : 0;
                endedBare = cr == 0;
                tooLong |= (head == null ? 0 : head.length()) + length - cr > limit;
                String line = tooLong ? "" : text(head, length, cr);
                window.consume(length + 1);
                if (tooLong) {
                    throw new TooLong(limit);
                }
                return line;
            }
            if (tooLong) {
                window.discard();
            } else if (window.isFull()) {
                head = moveTo(head == null ? new StringBuilder() : head);
                tooLong = head.length() > limit + 1;
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

    /// Whether a CR stands before the LF that is `length` bytes into the window.
    private boolean endsWithReturn(@Nullable StringBuilder head, int length) {
        if (length > 0) {
            return window.bytes()[window.start() + length - 1] == '\r';
        }
        return head != null && head.charAt(head.length() - 1) == '\r';
    }

    /// Takes all out of a full window; a character stands for a byte.
    private StringBuilder moveTo(StringBuilder head) {
        head.append(new String(window.bytes(), window.start(), window.available(), StandardCharsets.ISO_8859_1));
        window.discard();
        return head;
    }

    private String text(@Nullable StringBuilder head, int length, int cr) {
        byte[] bytes = window.bytes();
        if (head == null) {
            return decode(bytes, window.start(), length - cr);
        }
        head.append(new String(bytes, window.start(), length, StandardCharsets.ISO_8859_1));
        head.setLength(head.length() - cr);
        byte[] whole = head.toString().getBytes(StandardCharsets.ISO_8859_1);
        return decode(whole, 0, whole.length);
    }

    private String decode(byte[] bytes, int from, int length) {
        malformed = false;
        if (!Scan.isAscii(bytes, from, from + length)) {
            String text = Utf8.orNull(bytes, from, length);
            malformed = text == null;
            if (text != null) {
                return text;
            }
        }
        return new String(bytes, from, length, StandardCharsets.ISO_8859_1);
    }
}
