package postern.sasl;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/// `{SSHA}`, `{SSHA256}`, `{SSHA512}`: base64 of a digest over password and salt, and the salt (RFC 2307 §5.3
/// with a salt, as OpenLDAP and Dovecot write it).
record DigestPassword(String algorithm, byte[] digest, byte[] salt) implements StoredPassword {

    static DigestPassword parse(String algorithm, String hash) {
        int length = digester(algorithm).getDigestLength();
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(hash);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the hash is not base64", e);
        }
        if (bytes.length <= length) {
            throw new IllegalArgumentException("the hash holds no salt behind its " + length + " bytes of digest");
        }
        return new DigestPassword(
                algorithm, Arrays.copyOf(bytes, length), Arrays.copyOfRange(bytes, length, bytes.length));
    }

    @Override
    public boolean matches(byte[] password) {
        MessageDigest digester = digester(algorithm);
        digester.update(password);
        digester.update(salt);
        return MessageDigest.isEqual(digest, digester.digest());
    }

    private static MessageDigest digester(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + algorithm, e);
        }
    }
}
