package postern.mailbox.transfer;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// A stream line by line; a line that is very long comes in several pieces.
final class LineChunks {
    private static final int LONGEST = 16 << 10;

    private final BufferedInputStream in;
    private final byte[] piece = new byte[LONGEST];
    private int length;
    private long position;
    private boolean beginsLine;
    private boolean endedLine = true;

    LineChunks(InputStream in) {
        this.in = new BufferedInputStream(in, 32 << 10);
    }

    /// Goes on; returns false at the end.
    boolean next() throws IOException {
        position += length;
        length = 0;
        beginsLine = endedLine;
        endedLine = false;
        while (length < LONGEST && !endedLine) {
            int c = in.read();
            if (c < 0) {
                return length > 0;
            }
            piece[length++] = (byte) c;
            endedLine = c == '\n';
        }
        return true;
    }

    /// The piece, with the end of its line.
    byte[] bytes() {
        return java.util.Arrays.copyOf(piece, length);
    }

    int length() {
        return length;
    }

    /// How many bytes came before this piece.
    long position() {
        return position;
    }

    /// Whether it is the beginning of a line.
    boolean beginsLine() {
        return beginsLine;
    }

    /// Whether the last line has its end.
    boolean endedLine() {
        return length == 0 ? beginsLine : endedLine;
    }

    boolean isBlank() {
        return beginsLine && (length == 1 && piece[0] == '\n' || length == 2 && piece[0] == '\r' && piece[1] == '\n');
    }

    boolean startsWith(String ascii) {
        if (!beginsLine || length < ascii.length()) {
            return false;
        }
        for (int i = 0; i < ascii.length(); i++) {
            if (piece[i] != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /// How many `>` stand in front of `From ` at the beginning of a line; -1 when it is no such line.
    int quotes() {
        int quotes = 0;
        while (quotes < length && piece[quotes] == '>') {
            quotes++;
        }
        String from = "From ";
        boolean isFrom = beginsLine && length >= quotes + from.length();
        for (int i = 0; isFrom && i < from.length(); i++) {
            isFrom = piece[quotes + i] == from.charAt(i);
        }
        return isFrom ? quotes : -1;
    }

    /// As text, a character for each byte, without the end of the line.
    String text() {
        return new String(piece, 0, length, StandardCharsets.ISO_8859_1).stripTrailing();
    }

    /// The name of the field that begins here, in lower case; null when none does.
    @Nullable
    String field() {
        int colon = 0;
        while (colon < length && piece[colon] > ' ' && piece[colon] != ':') {
            colon++;
        }
        return beginsLine && colon > 0 && colon < length && piece[colon] == ':'
                ? new String(piece, 0, colon, StandardCharsets.ISO_8859_1).toLowerCase(java.util.Locale.ROOT)
                : null;
    }

    /// Whether the field before goes on here.
    boolean isFolded() {
        return beginsLine && length > 1 && (piece[0] == ' ' || piece[0] == '\t');
    }
}
