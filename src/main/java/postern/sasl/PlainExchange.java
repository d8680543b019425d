package postern.sasl;

import org.jspecify.annotations.Nullable;

/// PLAIN (RFC 4616): `[authzid] NUL authcid NUL passwd` in one message. Only master users may act for another:
/// else authzid is empty or the login itself.
final class PlainExchange implements Authenticator.Exchange {
    private final Logins logins;
    private final Authenticator.Peer client;

    PlainExchange(Logins logins, Authenticator.Peer client) {
        this.logins = logins;
        this.client = client;
    }

    @Override
    public Authenticator.Step next(byte @Nullable [] response) {
        if (response == null) {
            return new Authenticator.Step.Challenge(new byte[0]);
        }
        String text = Responses.text(response);
        String[] parts = text == null ? new String[0] : text.split("\0", -1);
        if (parts.length != 3) {
            return Logins.malformed("the PLAIN message is not authzid NUL authcid NUL passwd");
        }
        Claim claim = logins.claim(parts[0], parts[1]);
        return claim == null
                ? Logins.malformed("acting for another login is not possible")
                : logins.check(claim, parts[2], client);
    }
}
