package postern.message;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// What Content-Type says of a body, as far as parts are found by it (RFC 2046 §5).
///
/// @param kind what follows
/// @param boundaries the parameters of that name, as they come: a field that has several hides nothing
record MimeType(Kind kind, boolean digest, List<byte[]> boundaries) {
    /// What a body is to one who looks for headers in it.
    enum Kind {
        LEAF,
        MULTIPART,
        /// message/rfc822 and message/global: a message with a header of its own.
        MESSAGE,
        /// message/partial, message/external-body: they are never encoded.
        PIECE,
        /// Any other message/ type.
        OTHER_MESSAGE;

        boolean isMessage() {
            return this == MESSAGE || this == PIECE || this == OTHER_MESSAGE;
        }
    }

    static final MimeType TEXT = new MimeType(Kind.LEAF, false, List.of());
    static final MimeType RFC822 = new MimeType(Kind.MESSAGE, false, List.of());

    /// @param value behind the colon; each character is a byte
    static MimeType parse(String value) {
        MimeTokens tokens = new MimeTokens(value);
        List<String> type = tokens.next();
        String subtype = type.size() == 3 && type.get(1).equals("/") ? type.get(2) : "";
        if (isWord(type, "multipart")) {
            return new MimeType(Kind.MULTIPART, subtype.equalsIgnoreCase("digest"), boundaries(tokens));
        }
        return isWord(type, "message") ? new MimeType(message(subtype), false, List.of()) : TEXT;
    }

    private static Kind message(String subtype) {
        if (subtype.equalsIgnoreCase("rfc822") || subtype.equalsIgnoreCase("global")) {
            return Kind.MESSAGE;
        }
        return subtype.equalsIgnoreCase("partial") || subtype.equalsIgnoreCase("external-body")
                ? Kind.PIECE
                : Kind.OTHER_MESSAGE;
    }

    private static List<byte[]> boundaries(MimeTokens tokens) {
        List<byte[]> boundaries = new ArrayList<>(1);
        while (tokens.hasNext()) {
            List<String> parameter = tokens.next();
            if (parameter.size() == 3
                    && isWord(parameter, "boundary")
                    && parameter.get(1).equals("=")) {
                boundaries.add(parameter.get(2).getBytes(StandardCharsets.ISO_8859_1));
            }
        }
        return boundaries;
    }

    private static boolean isWord(List<String> tokens, String word) {
        return !tokens.isEmpty() && tokens.getFirst().equalsIgnoreCase(word);
    }
}
