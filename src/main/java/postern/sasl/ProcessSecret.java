package postern.sasl;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// A key that lives as long as the process: makes values that are the same each time and that nobody outside
/// can foresee.
final class ProcessSecret {
    private static final int SALT_BYTES = 16;
    private final SecretKeySpec key;

    ProcessSecret(byte[] key) {
        this.key = new SecretKeySpec(key, "HmacSHA256");
    }

    static ProcessSecret fresh() {
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        return new ProcessSecret(key);
    }

    /// The salt shown for a login, whether there is such a login or not.
    byte[] salt(String login) {
        return Arrays.copyOf(hmac("salt", login), SALT_BYTES);
    }

    /// A number that stands for a text: in tables that must not grow with what a stranger sends.
    long number(String purpose, String text) {
        return ByteBuffer.wrap(hmac(purpose, text)).getLong();
    }

    private byte[] hmac(String purpose, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac.doFinal((purpose + "\0" + text).getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }
}
