package postern.mailauth;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// The one hash of DKIM (RFC 8301 §3.1).
final class Sha256 {
    private Sha256() {}

    static MessageDigest begin() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    static byte[] of(byte[] bytes) {
        return begin().digest(bytes);
    }
}
