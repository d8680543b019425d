package postern.sasl;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/// `{PLAIN}` and `{CLEARTEXT}`: the password itself, with the keys for SCRAM that follow from it, derived
/// once, when the file is read.
final class PlainPassword implements StoredPassword {
    private final byte[] password;
    private final ScramKeys scramKeys;

    PlainPassword(String password, byte[] salt) {
        if (password.isEmpty()) {
            throw new IllegalArgumentException("the password is empty");
        }
        this.password = password.getBytes(StandardCharsets.UTF_8);
        this.scramKeys = ScramKeys.derive(password, salt, ScramKeys.ITERATIONS);
    }

    @Override
    public boolean matches(byte[] given) {
        return MessageDigest.isEqual(password, given);
    }

    @Override
    public ScramKeys scramKeys() {
        return scramKeys;
    }
}
