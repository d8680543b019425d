package postern.mailauth;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/// A key as DNS publishes it (RFC 6376 §3.6.1, RFC 8463 §4): `v=DKIM1; k=rsa; p=…`.
final class DkimRecord {
    /// What stands before the 32 bytes of an Ed25519 key in SubjectPublicKeyInfo.
    private static final byte[] ED25519 = HexFormat.of().parseHex("302a300506032b6570032100");

    private static final int LEAST_BITS = 1024;

    private final PublicKey key;
    private final boolean isRsa;

    private DkimRecord(PublicKey key, boolean isRsa) {
        this.key = key;
        this.isRsa = isRsa;
    }

    /// @param algorithm of the signature, `rsa-sha256`
    /// @throws IllegalArgumentException saying why it is no key for that
    static DkimRecord of(String text, String algorithm) {
        DkimTags tags = DkimTags.of(text);
        if (!tags.getOrElse("v", "DKIM1").equals("DKIM1")) {
            throw new IllegalArgumentException("no DKIM key");
        }
        boolean isRsa = algorithm.equals("rsa-sha256");
        if (!isRsa && !algorithm.equals("ed25519-sha256")) {
            throw new IllegalArgumentException("\"" + algorithm + "\" is not trusted");
        }
        if (!tags.getOrElse("k", "rsa").equals(isRsa ? "rsa" : "ed25519")) {
            throw new IllegalArgumentException("a key for another algorithm");
        }
        if (!List.of(tags.getOrElse("h", "sha256").split(":")).contains("sha256")) {
            throw new IllegalArgumentException("a key that is not for SHA-256");
        }
        if (tags.get("p").isEmpty()) {
            throw new IllegalArgumentException("the key is revoked");
        }
        return new DkimRecord(key(tags.get("p"), isRsa), isRsa);
    }

    private static PublicKey key(String base64, boolean isRsa) {
        byte[] bytes = Base64.getDecoder().decode(base64.getBytes(StandardCharsets.ISO_8859_1));
        byte[] whole = isRsa ? bytes : new Bytes(44).put(ED25519).put(bytes).done();
        try {
            PublicKey key =
                    KeyFactory.getInstance(isRsa ? "RSA" : "Ed25519").generatePublic(new X509EncodedKeySpec(whole));
            if (key instanceof RSAKey rsa && rsa.getModulus().bitLength() < LEAST_BITS) {
                throw new IllegalArgumentException("a key of less than " + LEAST_BITS + " bits");
            }
            return key;
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the key cannot be read", e);
        }
    }

    /// @param signed what was signed, in its canonical form
    boolean verifies(byte[] signed, byte[] signature) {
        try {
            Signature verifier = Signature.getInstance(isRsa ? "SHA256withRSA" : "Ed25519");
            verifier.initVerify(key);
            verifier.update(isRsa ? signed : Sha256.of(signed));
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
