package postern.sasl;

import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// The client-final-message (RFC 5802 §7): `c=base64,r=nonce[,extensions],p=proof`.
///
/// @param channel what `c` holds, decoded: the GS2 header again, and what the login is bound to
/// @param withoutProof what stands before `,p=`, as it came
record ScramFinal(byte[] channel, String nonce, String withoutProof, byte[] proof) {

    static @Nullable ScramFinal parse(String message) {
        int proofAt = message.lastIndexOf(",p=");
        if (proofAt < 0) {
            return null;
        }
        String[] parts = message.substring(0, proofAt).split(",", -1);
        if (parts.length < 2 || !parts[0].startsWith("c=") || !parts[1].startsWith("r=")) {
            return null;
        }
        try {
            byte[] channel = Base64.getDecoder().decode(parts[0].substring(2));
            byte[] proof = Base64.getDecoder().decode(message.substring(proofAt + 3));
            return new ScramFinal(channel, parts[1].substring(2), message.substring(0, proofAt), proof);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
