package postern.mailbox.transfer;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// Mailbox names as IMAP4rev1 and Maildir++ have them: modified UTF-7 (RFC 3501 §5.1.3).
final class ModifiedUtf7 {
    private static final Base64.Encoder ENCODER = Base64.getEncoder().withoutPadding();
    private static final Base64.Decoder DECODER = Base64.getDecoder();

    private ModifiedUtf7() {}

    static String encode(String name) {
        StringBuilder text = new StringBuilder();
        int at = 0;
        while (at < name.length()) {
            int end = at;
            while (end < name.length() && !isPlain(name.charAt(end))) {
                end++;
            }
            if (end > at) {
                byte[] shifted = name.substring(at, end).getBytes(StandardCharsets.UTF_16BE);
                text.append('&')
                        .append(ENCODER.encodeToString(shifted).replace('/', ','))
                        .append('-');
                at = end;
            } else {
                text.append(name.charAt(at) == '&' ? "&-" : name.substring(at, at + 1));
                at++;
            }
        }
        return text.toString();
    }

    private static boolean isPlain(char c) {
        return c >= ' ' && c < 127;
    }

    /// The name; null when it is not encoded so: then it has no other form that is.
    static @Nullable String decode(String text) {
        StringBuilder name = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (!isPlain(c)) {
                return null;
            }
            if (c != '&') {
                name.append(c);
                at++;
                continue;
            }
            int end = text.indexOf('-', at);
            String part = end < 0 ? null : decodeShifted(text.substring(at + 1, end));
            if (part == null) {
                return null;
            }
            name.append(part);
            at = end + 1;
        }
        return encode(name.toString()).equals(text) ? name.toString() : null;
    }

    private static @Nullable String decodeShifted(String base64) {
        if (base64.isEmpty()) {
            return "&";
        }
        try {
            byte[] bytes = DECODER.decode(base64.replace(',', '/'));
            return bytes.length % 2 == 0 ? new String(bytes, StandardCharsets.UTF_16BE) : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
