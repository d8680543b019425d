package postern.lookup;

import java.nio.charset.StandardCharsets;

/// Text as Postfix's expressions see it: one character for each byte of its UTF-8 form, so that `.` is one
/// byte and `\w` is ASCII.
final class ByteText {
    private ByteText() {}

    static String of(String text) {
        return isAscii(text) ? text : new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    static String back(String bytes) {
        return isAscii(bytes) ? bytes : new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 127) {
                return false;
            }
        }
        return true;
    }
}
