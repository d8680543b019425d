package postern.sasl;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/// PLAIN (RFC 4616): `[authzid] NUL authcid NUL passwd` in one message. Nobody may act for another: authzid
/// is empty or the login itself.
final class PlainExchange implements Authenticator.Exchange {
    private final Logins logins;
    private final @Nullable InetAddress client;

    PlainExchange(Logins logins, @Nullable InetAddress client) {
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
        if (!parts[0].isEmpty() && !parts[0].equalsIgnoreCase(parts[1])) {
            return Logins.malformed("acting for another login is not possible");
        }
        return logins.check(parts[1], parts[2], client);
    }
}
