package postern.sasl;

import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/// Says whether a text can be checked passwords against, for those who write the file of users.
public final class StoredPasswords {
    private static final byte[] SALT = new byte[16];

    private StoredPasswords() {}

    /// `{SCRAM-SHA-256}` keys of a password. Of passwords of one account that have the same salt each can be shown
    /// by SCRAM.
    ///
    /// @param like keys of another password of the account, whose salt they are to have; null for a new salt
    public static String scram(String password, @Nullable String like) {
        byte[] salt = new byte[SALT.length];
        new SecureRandom().nextBytes(salt);
        int iterations = ScramKeys.ITERATIONS;
        ScramKeys other = like == null ? null : PasswordScheme.parse(like, SALT).scramKeys();
        if (other != null) {
            salt = other.salt();
            iterations = other.iterations();
        }
        return "{SCRAM-SHA-256}" + ScramKeys.derive(password, salt, iterations).text();
    }

    /// A certificate's fingerprint as the file of certificates has it.
    ///
    /// @param text SHA-256 in hexadecimal, with colons or without, as openssl prints it
    /// @throws IllegalArgumentException for another
    public static String fingerprint(String text) {
        String plain = CertificatesFile.plain(text);
        if (!plain.matches("[0-9A-F]{64}")) {
            throw new IllegalArgumentException(
                    "the SHA-256 of the certificate is needed: openssl x509 -noout -fingerprint -sha256");
        }
        return plain;
    }

    /// @param text `{SCHEME}hash`
    /// @throws IllegalArgumentException with what would be right; never with the hash itself
    public static void check(String text) {
        if (PasswordScheme.parse(text, SALT) == null) {
            throw new IllegalArgumentException("a password is written as {SCHEME}hash");
        }
    }
}
