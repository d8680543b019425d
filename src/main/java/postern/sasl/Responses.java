package postern.sasl;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// What all mechanisms ask of a client's response.
final class Responses {
    /// Bytes of a decoded response.
    static final int LONGEST = 4096;

    private Responses() {}

    /// The response as text; null when it is too long or not UTF-8.
    static @Nullable String text(byte[] response) {
        return text(response, LONGEST);
    }

    static @Nullable String text(byte[] response, int longest) {
        if (response.length > longest) {
            return null;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(response))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
