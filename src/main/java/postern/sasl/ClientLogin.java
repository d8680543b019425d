package postern.sasl;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// LOGIN (draft-murchison-sasl-login): the server asks twice, in words that nobody agrees on; the first
/// answer is the user name, the second the password.
final class ClientLogin implements ClientMechanism {
    private final Credentials credentials;
    private int asked;

    ClientLogin(Credentials credentials) {
        this.credentials = credentials;
    }

    @Override
    public String name() {
        return "LOGIN";
    }

    @Override
    public byte @Nullable [] initial() {
        return null;
    }

    @Override
    public byte[] respond(byte[] challenge) throws LoginFailed {
        return switch (asked++) {
            case 0 -> credentials.login().getBytes(StandardCharsets.UTF_8);
            case 1 -> credentials.password().getBytes(StandardCharsets.UTF_8);
            default -> throw new LoginFailed("unexpected challenge");
        };
    }
}
