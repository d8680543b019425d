package postern.message;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.wire.Scan;
import postern.wire.Utf8;

/// One header field as it stands in a message: its bytes with all continuation lines and line ends, cut from
/// a buffer that may be used again once the field has been dealt with.
public final class Field {
    private static final List<String> MIME = List.of(
            "Content-Description",
            "Content-Disposition",
            "Content-ID",
            "Content-Transfer-Encoding",
            "Content-Type",
            "MIME-Version");

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

    /// A field made here.
    ///
    /// @param text `name: value`, without its last line end; a line end in it is LF
    /// @return null when the text does not begin with a field's name
    public static @Nullable Field of(String text) {
        byte[] bytes = (text.replace("\n", "\r\n") + "\r\n").getBytes(StandardCharsets.UTF_8);
        int name = HeaderSplitter.nameLength(bytes, 0, bytes.length);
        return name < 0 ? null : new Field(bytes, 0, bytes.length, name);
    }

    /// The buffer that the field stands in, from [#from()] to [#to()].
    public byte[] bytes() {
        return bytes;
    }

    public int from() {
        return from;
    }

    public int to() {
        return to;
    }

    public boolean isEightBit() {
        return !Scan.isAscii(bytes, from, to);
    }

    /// Whether it is about the form of a body (RFC 2045 §3): of those, mime_header_checks judges also where
    /// they stand in the message's own header.
    public boolean isMime() {
        return MIME.stream().anyMatch(this::isNamed);
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
        int value = valueStart();
        return unfold(Utf8.orLatin1(bytes, value, to - value)).strip();
    }

    /// Everything behind the colon; each character is a byte.
    public String rawValue() {
        int value = valueStart();
        return new String(bytes, value, to - value, StandardCharsets.ISO_8859_1);
    }

    /// The same field with another value.
    ///
    /// @param value everything behind the colon, with its line ends; each character is a byte
    public Field withRawValue(String value) {
        String front = new String(bytes, from, valueStart() - from, StandardCharsets.ISO_8859_1);
        byte[] all = (front + value).getBytes(StandardCharsets.ISO_8859_1);
        return new Field(all, 0, all.length, nameLength);
    }

    /// Where the value begins in the buffer: behind the colon.
    public int valueStart() {
        int colon = from + nameLength;
        while (bytes[colon] != ':') {
            colon++;
        }
        return colon + 1;
    }

    /// The whole field on its lines, without the last line end and white space before the colon: what
    /// header_checks(5) patterns are matched with.
    public String text() {
        int end = HeaderSplitter.beforeLineEnd(bytes, from, to);
        int colon = valueStart() - 1;
        String text = Utf8.orLatin1(bytes, colon, end - colon).replace("\r\n", "\n");
        return name() + text;
    }

    private static String unfold(String text) {
        return text.indexOf('\n') < 0 ? text : text.replace("\r\n", "").replace("\n", "");
    }

    private static int lower(byte b) {
        return b >= 'A' && b <= 'Z' ? b + 32 : b;
    }
}
