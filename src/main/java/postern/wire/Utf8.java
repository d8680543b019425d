package postern.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// UTF-8 at the wire, where anything may arrive.
public final class Utf8 {
    private Utf8() {}

    /// The bytes as UTF-8 when they are valid UTF-8 (RFC 3629), else as Latin-1: no byte is lost.
    public static String orLatin1(byte[] bytes, int from, int length) {
        String text = orNull(bytes, from, length);
        return text == null ? new String(bytes, from, length, StandardCharsets.ISO_8859_1) : text;
    }

    /// The bytes as UTF-8, or null when they are not valid UTF-8.
    public static @Nullable String orNull(byte[] bytes, int from, int length) {
        if (Scan.isAscii(bytes, from, from + length)) {
            return new String(bytes, from, length, StandardCharsets.ISO_8859_1);
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, from, length))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
