package postern.sasl;

/// Says whether a text can be checked passwords against, for those who write the file of users.
public final class StoredPasswords {
    private static final byte[] SALT = new byte[16];

    private StoredPasswords() {}

    /// @param text `{SCHEME}hash`
    /// @throws IllegalArgumentException with what would be right; never with the hash itself
    public static void check(String text) {
        if (PasswordScheme.parse(text, SALT) == null) {
            throw new IllegalArgumentException("a password is written as {SCHEME}hash");
        }
    }
}
