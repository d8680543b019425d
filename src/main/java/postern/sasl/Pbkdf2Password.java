package postern.sasl;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/// `{PBKDF2}` as Dovecot writes it: `$1$salt$rounds$hex`, HMAC-SHA-1, 20 bytes, the salt taken as its ASCII
/// text (RFC 8018 §5.2).
record Pbkdf2Password(byte[] salt, int rounds, byte[] key) implements StoredPassword {
    private static final Pattern FORM = Pattern.compile("\\$1\\$([^$]+)\\$([1-9][0-9]{0,8})\\$([0-9a-fA-F]{40})");
    private static final int MOST_ROUNDS = 2_000_000;

    static Pbkdf2Password parse(String hash) {
        Matcher form = FORM.matcher(hash);
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    "the hash does not have the form $1$salt$rounds$key, key in 40 hex digits");
        }
        int rounds = Integer.parseInt(form.group(2));
        if (rounds > MOST_ROUNDS) {
            throw new IllegalArgumentException("more than " + MOST_ROUNDS + " rounds");
        }
        byte[] salt = form.group(1).getBytes(StandardCharsets.UTF_8);
        return new Pbkdf2Password(salt, rounds, HexFormat.of().parseHex(form.group(3)));
    }

    @Override
    public boolean matches(byte[] password) {
        byte[] computed = derive("SHA1", new String(password, StandardCharsets.UTF_8), salt, rounds, key.length);
        return MessageDigest.isEqual(key, computed);
    }

    /// PBKDF2 with HMAC over this digest and the password's UTF-8.
    static byte[] derive(String digest, String password, byte[] salt, int rounds, int bytes) {
        PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, rounds, bytes * 8);
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmac" + digest)
                    .generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has PBKDF2WithHmac" + digest, e);
        } finally {
            spec.clearPassword();
        }
    }
}
