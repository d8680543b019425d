package postern.message;

import java.util.List;
import java.util.Locale;

/// Content-Transfer-Encoding (RFC 2045 §6).
enum MimeEncoding {
    SEVEN_BIT,
    EIGHT_BIT,
    BINARY,
    /// base64, quoted-printable and what looks like them: the result is 7-bit text.
    ENCODED;

    /// @param value behind the colon
    /// @param otherwise for a word that nobody knows
    static MimeEncoding parse(String value, MimeEncoding otherwise) {
        List<String> tokens = new MimeTokens(value).next();
        return switch (tokens.isEmpty() ? "" : tokens.getFirst().toLowerCase(Locale.ROOT)) {
            case "7bit" -> SEVEN_BIT;
            case "8bit" -> EIGHT_BIT;
            case "binary" -> BINARY;
            case "base64", "quoted-printable", "uuencode", "x-uuencode" -> ENCODED;
            default -> otherwise;
        };
    }

    boolean isSevenBit() {
        return this == SEVEN_BIT || this == ENCODED;
    }
}
