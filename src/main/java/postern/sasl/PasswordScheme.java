package postern.sasl;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The schemes of stored passwords by their Dovecot names: to add one, write its class and add a row here.
enum PasswordScheme {
    PLAIN("PLAIN", PlainPassword::new),
    CLEARTEXT("CLEARTEXT", PlainPassword::new),
    SSHA("SSHA", hash -> DigestPassword.parse("SHA-1", hash)),
    SSHA256("SSHA256", hash -> DigestPassword.parse("SHA-256", hash)),
    SSHA512("SSHA512", hash -> DigestPassword.parse("SHA-512", hash)),
    SHA512_CRYPT("SHA512-CRYPT", hash -> CryptPassword.parse("$6$", hash)),
    SHA256_CRYPT("SHA256-CRYPT", hash -> CryptPassword.parse("$5$", hash)),
    MD5_CRYPT("MD5-CRYPT", hash -> CryptPassword.parse("$1$", hash)),
    BLF_CRYPT("BLF-CRYPT", BcryptPassword::parse),
    CRYPT("CRYPT", PasswordScheme::crypt),
    PBKDF2("PBKDF2", Pbkdf2Password::parse),
    ARGON2I("ARGON2I", hash -> Argon2Password.parse("argon2i", hash)),
    ARGON2ID("ARGON2ID", hash -> Argon2Password.parse("argon2id", hash)),
    SCRAM_SHA_256("SCRAM-SHA-256", ScramKeys::parse);

    /// Bytes. Some schemes take time that grows with the square of the length.
    static final int LONGEST_PASSWORD = 1024;

    private final String label;
    private final Reader reader;

    PasswordScheme(String label, Function<String, StoredPassword> reader) {
        this(label, (hash, salt) -> reader.apply(hash));
    }

    PasswordScheme(String label, Reader reader) {
        this.label = label;
        this.reader = reader;
    }

    /// How the text behind `{SCHEME}` becomes a stored password.
    private interface Reader {
        /// @throws IllegalArgumentException with what would be right
        StoredPassword read(String hash, byte[] salt);
    }

    /// Reads `{SCHEME}hash`. Without a scheme the hash must be one of crypt(3), which says itself what it is.
    ///
    /// @param salt for keys that are derived here, from a password kept as it is
    /// @throws IllegalArgumentException with what would be right; never with the hash itself
    static StoredPassword parse(String text, byte[] salt) {
        if (!text.startsWith("{")) {
            return crypt(text);
        }
        int close = text.indexOf('}');
        if (close < 0) {
            throw new IllegalArgumentException("the { of the scheme is not closed");
        }
        String label = text.substring(1, close).toUpperCase(Locale.ROOT);
        for (PasswordScheme scheme : values()) {
            if (scheme.label.equals(label)) {
                return scheme.reader.read(text.substring(close + 1), salt);
            }
        }
        throw new IllegalArgumentException("{" + label + "} is not a known scheme; known are " + known());
    }

    private static StoredPassword crypt(String hash) {
        if (hash.startsWith("$2")) {
            return BcryptPassword.parse(hash);
        }
        for (String prefix : CryptPassword.PREFIXES) {
            if (hash.startsWith(prefix)) {
                return CryptPassword.parse(prefix, hash);
            }
        }
        throw new IllegalArgumentException("a password is written as {SCHEME}hash, with one of " + known());
    }

    private static String known() {
        return Arrays.stream(values()).map(scheme -> scheme.label).collect(Collectors.joining(", "));
    }
}
