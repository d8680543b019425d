package postern.smtp.server;

import org.jspecify.annotations.Nullable;
import postern.sasl.Login;

/// Who the client is and says it is. Replaced as a whole; forgotten when TLS begins, but for the client
/// itself.
///
/// @param helo the argument of HELO or EHLO; empty before it
/// @param extended whether that was EHLO
/// @param login empty without one
/// @param account that the login stands for; empty without a login
/// @param loginMethod empty without a login
/// @param relay the login of a relay ([RelayLogins]), which is no user and has no `login`; empty without one
/// @param forwarded what XFORWARD said for the next message, or null
record Identity(
        Client client,
        String helo,
        boolean extended,
        String login,
        String account,
        String loginMethod,
        String relay,
        @Nullable Forwarded forwarded) {
    /// Where a filter says that a message came from: for the log only.
    record Forwarded(String name, String address, String identity) {
        static final Forwarded UNKNOWN = new Forwarded(Client.UNKNOWN, Client.UNKNOWN, "");
    }

    static Identity of(Client client) {
        return new Identity(client, "", false, "", "", "", "", null);
    }

    Identity withHelo(String name, boolean isExtended) {
        return new Identity(client, name, isExtended, login, account, loginMethod, relay, forwarded);
    }

    Identity withLogin(Login other, String method) {
        return new Identity(client, helo, extended, other.name(), other.account(), method, relay, forwarded);
    }

    Identity withForwarded(@Nullable Forwarded other) {
        return new Identity(client, helo, extended, login, account, loginMethod, relay, other);
    }

    /// The same logged in as a relay.
    Identity asRelay(String name, String method) {
        return new Identity(client, helo, extended, "", "", method, name, forwarded);
    }

    boolean isLoggedIn() {
        return !login.isEmpty() || !relay.isEmpty();
    }

    /// `SMTP` or `ESMTP`: Postfix's `proto=`.
    String protocol() {
        return extended ? "ESMTP" : "SMTP";
    }

    /// The word for the Received field (RFC 3848, RFC 6531 §4.3).
    String protocol(boolean inTls, boolean utf8) {
        if (!extended) {
            return "SMTP";
        }
        return (utf8 ? "UTF8SMTP" : "ESMTP") + (inTls ? "S" : "") + (login.isEmpty() ? "" : "A");
    }
}
