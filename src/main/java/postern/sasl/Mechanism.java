package postern.sasl;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The mechanisms of the server, in the order they are offered: to add one, write its exchange and add a row
/// here.
enum Mechanism {
    SCRAM_SHA_256("SCRAM-SHA-256") {
        @Override
        boolean offered(Users.Snapshot users, Elsewhere elsewhere, Authenticator.Peer client) {
            return users.hasScramKeys();
        }

        @Override
        Authenticator.Exchange begin(Logins logins, Authenticator.Peer client) {
            return new ScramExchange(logins, client);
        }
    },
    PLAIN("PLAIN") {
        @Override
        Authenticator.Exchange begin(Logins logins, Authenticator.Peer client) {
            return new PlainExchange(logins, client);
        }
    },
    LOGIN("LOGIN") {
        @Override
        Authenticator.Exchange begin(Logins logins, Authenticator.Peer client) {
            return new LoginExchange(logins, client);
        }
    },
    OAUTHBEARER("OAUTHBEARER") {
        @Override
        boolean offered(Users.Snapshot users, Elsewhere elsewhere, Authenticator.Peer client) {
            return takesTokens(elsewhere, client);
        }

        @Override
        Authenticator.Exchange begin(Logins logins, Authenticator.Peer client) {
            return new BearerExchange(logins, client, BearerExchange.Dialect.OAUTHBEARER);
        }
    },
    XOAUTH2("XOAUTH2") {
        @Override
        boolean offered(Users.Snapshot users, Elsewhere elsewhere, Authenticator.Peer client) {
            return takesTokens(elsewhere, client);
        }

        @Override
        Authenticator.Exchange begin(Logins logins, Authenticator.Peer client) {
            return new BearerExchange(logins, client, BearerExchange.Dialect.XOAUTH2);
        }
    };

    private final String label;

    Mechanism(String label) {
        this.label = label;
    }

    /// The registered name.
    String label() {
        return label;
    }

    boolean offered(Users.Snapshot users, Elsewhere elsewhere, Authenticator.Peer client) {
        return !users.isEmpty() || elsewhere.directory() != null;
    }

    /// A token is worth a password to whoever sees it: never in clear (RFC 7628 §4).
    private static boolean takesTokens(Elsewhere elsewhere, Authenticator.Peer client) {
        return elsewhere.tokens() != null && client.tls() != null;
    }

    abstract Authenticator.Exchange begin(Logins logins, Authenticator.Peer client);

    static @Nullable Mechanism byName(String name) {
        for (Mechanism mechanism : values()) {
            if (mechanism.label.equals(name.toUpperCase(Locale.ROOT))) {
                return mechanism;
            }
        }
        return null;
    }
}
