package postern.message;

import java.nio.charset.StandardCharsets;
import postern.wire.Utf8;

/// One header field as it stands in a message: its bytes with all continuation lines and line ends, cut from
/// a buffer that may be used again once the field has been dealt with.
public final class Field {
    private final byte[] bytes;
    private final int from;
    private final int to;
    private final int nameLength;

    /// @param nameLength the length of the name, without white space before the colon
    Field(byte[] bytes, int from, int to, int nameLength) {
        this.bytes = bytes;
        this.from = from;
        this.to = to;
        this.nameLength = nameLength;
    }

    /// Whether the field has this name; case does not matter (RFC 5322 §1.2.2).
    public boolean isNamed(String name) {
        if (name.length() != nameLength) {
            return false;
        }
        for (int i = 0; i < nameLength; i++) {
            if (lower(bytes[from + i]) != lower((byte) name.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    public String name() {
        return new String(bytes, from, nameLength, StandardCharsets.US_ASCII);
    }

    /// The text behind the colon, unfolded (RFC 5322 §2.2.3) and stripped.
    public String value() {
        int colon = from + nameLength;
        while (bytes[colon] != ':') {
            colon++;
        }
        return unfold(Utf8.orLatin1(bytes, colon + 1, to - colon - 1)).strip();
    }

    /// The whole field on its lines, without the last line end: what header_checks(5) patterns are matched
    /// with.
    public String text() {
        int end = to;
        while (end > from && (bytes[end - 1] == '\n' || bytes[end - 1] == '\r')) {
            end--;
        }
        return Utf8.orLatin1(bytes, from, end - from).replace("\r\n", "\n");
    }

    private static String unfold(String text) {
        return text.indexOf('\n') < 0 ? text : text.replace("\r\n", "").replace("\n", "");
    }

    private static int lower(byte b) {
        return b >= 'A' && b <= 'Z' ? b + 32 : b;
    }
}
