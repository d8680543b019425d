package postern.dms.setup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import org.apache.commons.codec.digest.Sha2Crypt;
import org.jspecify.annotations.Nullable;

/// New passwords: asked for, and hashed as `doveadm pw -s SHA512-CRYPT` does.
final class Passwords {
    private static final String SALT_SIGNS = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int SALT_LENGTH = 16;
    /// The longest that a login takes.
    private static final int LONGEST = 1024;
    /// What the JVM puts where it cannot read an argument in the locale of the process.
    private static final char UNREADABLE = '\uFFFD';

    private Passwords() {}

    /// The password, from the command line or asked for twice.
    ///
    /// @param given empty when the command line has none
    static String ask(String given, Questions questions) throws IOException {
        String password = given;
        if (password.isEmpty()) {
            password = blankIfNone(questions.secret("Enter Password: "));
            if (password.isEmpty()) {
                throw Refusal.of("Password must not be empty");
            }
            // a script gives it once
            String again = questions.secret("Confirm Password: ");
            if (again != null && !again.equals(password)) {
                throw Refusal.of("Passwords do not match!");
            }
        }
        if (password.indexOf(UNREADABLE) >= 0) {
            throw Refusal.of("The password cannot be read in this locale: set LC_ALL=C.UTF-8");
        }
        if (password.getBytes(StandardCharsets.UTF_8).length > LONGEST) {
            throw Refusal.of("The password is longer than " + LONGEST + " bytes");
        }
        return password;
    }

    private static String blankIfNone(@Nullable String answer) {
        return answer == null ? "" : answer;
    }

    /// `{SHA512-CRYPT}$6$salt$hash`
    static String hash(String password) {
        SecureRandom random = new SecureRandom();
        StringBuilder salt = new StringBuilder("$6$");
        for (int i = 0; i < SALT_LENGTH; i++) {
            salt.append(SALT_SIGNS.charAt(random.nextInt(SALT_SIGNS.length())));
        }
        return "{SHA512-CRYPT}" + Sha2Crypt.sha512Crypt(password.getBytes(StandardCharsets.UTF_8), salt.toString());
    }
}
