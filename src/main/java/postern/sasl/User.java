package postern.sasl;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/// A login of the users file.
///
/// @param account that it stands for: itself, or the one that it is another name of
/// @param seal of the text that the password was read from
record User(String account, StoredPassword password, String seal) {
    /// What is another when the stored text is, and does not give it away: a digest of it.
    ///
    /// @param stored `{SCHEME}hash`
    static String seal(String stored) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(stored.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
