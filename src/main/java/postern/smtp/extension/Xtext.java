package postern.smtp.extension;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import postern.smtp.Reply;

/// xtext (RFC 3461 §4): printable ASCII but `+` and `=` as itself, everything else as `+` and two upper-case
/// hex digits.
public final class Xtext {
    private Xtext() {}

    public static String encode(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b > ' ' && b < 127 && b != '+' && b != '=') {
                encoded.append((char) b);
            } else {
                encoded.append('+').append(String.format("%02X", b & 0xff));
            }
        }
        return encoded.toString();
    }

    /// The text that an xtext stands for; characters outside ASCII pass (RFC 6533 `utf-8-addr-xtext` clients
    /// send them bare).
    ///
    /// @throws Reply.Refused (501 5.5.4) when it is not xtext
    public static String decode(String xtext) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(xtext.length());
        for (int i = 0; i < xtext.length(); i++) {
            char c = xtext.charAt(i);
            if (c == '+') {
                int high = i + 2 < xtext.length() ? hex(xtext.charAt(i + 1)) : -1;
                int low = high < 0 ? -1 : hex(xtext.charAt(i + 2));
                if (low < 0) {
                    throw new Reply.Refused("501 5.5.4 Bad xtext: + and two hex digits expected");
                }
                bytes.write(high << 4 | low);
                i += 2;
            } else if (c <= ' ' || c == '=' || c == 127) {
                throw new Reply.Refused("501 5.5.4 Bad xtext: printable characters expected");
            } else {
                byte[] encoded = String.valueOf(c).getBytes(StandardCharsets.UTF_8);
                bytes.write(encoded, 0, encoded.length);
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static int hex(char c) {
        return c >= '0' && c <= '9'
                ? c - '0'
                : c >= 'A' && c <= 'F' ? c - 'A' + 10 : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    }
}
