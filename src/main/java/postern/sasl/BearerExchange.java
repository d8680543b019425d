package postern.sasl;

import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// OAUTHBEARER (RFC 7628) and XOAUTH2: a token, and when it is refused one more turn, in which the client hears
/// why and answers something (`AQ==`, or nothing).
final class BearerExchange implements Authenticator.Exchange {
    /// Bytes of a response: tokens are long.
    private static final int LONGEST = 9216;

    private final Logins logins;
    private final Authenticator.Peer client;
    private final Dialect dialect;
    private Authenticator.@Nullable Step refusal;

    /// @param parser of the client's message
    /// @param error what is said of a token that is refused
    record Dialect(Function<String, @Nullable BearerToken> parser, String error) {
        /// RFC 7628 §3.2.2
        static final Dialect OAUTHBEARER =
                new Dialect(BearerToken::oauthBearer, "{\"status\":\"invalid_token\",\"schemes\":\"bearer\"}");

        static final Dialect XOAUTH2 =
                new Dialect(BearerToken::xoauth2, "{\"status\":\"401\",\"schemes\":\"bearer\",\"scope\":\"mail\"}");
    }

    BearerExchange(Logins logins, Authenticator.Peer client, Dialect dialect) {
        this.logins = logins;
        this.client = client;
        this.dialect = dialect;
    }

    @Override
    public Authenticator.Step next(byte @Nullable [] response) {
        Authenticator.Step last = refusal;
        if (last != null) {
            return last;
        }
        if (response == null) {
            return new Authenticator.Step.Challenge(new byte[0]);
        }
        String text = Responses.text(response, LONGEST);
        BearerToken said = text == null ? null : dialect.parser.apply(text);
        if (said == null) {
            return Logins.malformed("the message is not one of a bearer token");
        }
        Authenticator.Step step = logins.check(said, client);
        if (step instanceof Authenticator.Step.Failure failure && !failure.temporary()) {
            refusal = step;
            return new Authenticator.Step.Challenge(dialect.error.getBytes(StandardCharsets.US_ASCII));
        }
        return step;
    }
}
