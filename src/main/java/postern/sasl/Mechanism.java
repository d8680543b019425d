package postern.sasl;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The mechanisms of the server, in the order they are offered: to add one, write its exchange and add a row
/// here.
enum Mechanism {
    SCRAM_SHA_256_PLUS("SCRAM-SHA-256-PLUS") {
        @Override
        boolean offered(Logins logins, Authenticator.Peer client) {
            return client.bindsChannel() && logins.offersScram();
        }

        @Override
        Authenticator.Exchange begin(Logins logins, Authenticator.Peer client) {
            return new ScramExchange(logins, client, true);
        }
    },
    SCRAM_SHA_256("SCRAM-SHA-256") {
        @Override
        boolean offered(Logins logins, Authenticator.Peer client) {
            return logins.offersScram();
        }

        @Override
        Authenticator.Exchange begin(Logins logins, Authenticator.Peer client) {
            return new ScramExchange(logins, client, false);
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
        boolean offered(Logins logins, Authenticator.Peer client) {
            return logins.takesTokens(client);
        }

        @Override
        Authenticator.Exchange begin(Logins logins, Authenticator.Peer client) {
            return new BearerExchange(logins, client, BearerExchange.Dialect.OAUTHBEARER);
        }
    },
    XOAUTH2("XOAUTH2") {
        @Override
        boolean offered(Logins logins, Authenticator.Peer client) {
            return logins.takesTokens(client);
        }

        @Override
        Authenticator.Exchange begin(Logins logins, Authenticator.Peer client) {
            return new BearerExchange(logins, client, BearerExchange.Dialect.XOAUTH2);
        }
    },
    EXTERNAL("EXTERNAL") {
        @Override
        boolean offered(Logins logins, Authenticator.Peer client) {
            return logins.certified(client) != null;
        }

        @Override
        Authenticator.Exchange begin(Logins logins, Authenticator.Peer client) {
            return new ExternalExchange(logins, client);
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

    boolean offered(Logins logins, Authenticator.Peer client) {
        return logins.takesPasswords();
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
