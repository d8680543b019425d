package postern.sasl;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// LOGIN (draft-murchison-sasl-login): the server asks for login and password in turn. An initial response is
/// the login.
final class LoginExchange implements Authenticator.Exchange {
    private final Logins logins;
    private final Authenticator.Peer client;
    private @Nullable String login;

    LoginExchange(Logins logins, Authenticator.Peer client) {
        this.logins = logins;
        this.client = client;
    }

    @Override
    public Authenticator.Step next(byte @Nullable [] response) {
        if (response == null) {
            return challenge("Username:");
        }
        String text = Responses.text(response);
        if (text == null || text.isEmpty() || text.indexOf('\0') >= 0) {
            return Logins.malformed("the LOGIN response is empty, too long or not UTF-8");
        }
        if (login == null) {
            login = text;
            return challenge("Password:");
        }
        Claim claim = Objects.requireNonNull(logins.claim("", login), "acts for itself");
        return logins.check(claim, text, client);
    }

    private static Authenticator.Step challenge(String prompt) {
        return new Authenticator.Step.Challenge(prompt.getBytes(StandardCharsets.US_ASCII));
    }
}
