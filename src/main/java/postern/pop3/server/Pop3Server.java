package postern.pop3.server;

import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import postern.config.MainCf;
import postern.config.Parameter;
import postern.log.MailLog;
import postern.mailbox.MailboxStore;
import postern.net.Connection;
import postern.net.Listener;
import postern.net.TlsSettings;
import postern.sasl.Authenticator;

/// The POP3 service of one listener and one configuration: what its sessions share. A reload makes a new one;
/// sessions keep the one they were born with.
public final class Pop3Server implements Listener.Session {
    static final Parameter<String> GREETING =
            Parameter.text("postern_pop3_greeting", "$myhostname ready.").doc("The text of POP3's greeting.");
    static final Parameter<Duration> TIMEOUT = Parameter.time("postern_pop3_timeout", "600s")
            .doc("How long a POP3 client that has logged in may take over a command, and over each 16 KB sent to it.");
    static final Parameter<Duration> LOGIN_TIMEOUT = Parameter.time("postern_pop3_login_timeout", "180s")
            .doc("How long a POP3 client may take until it has logged in.");
    static final Parameter<Integer> BAD_COMMAND_LIMIT = Parameter.integer("postern_pop3_bad_command_limit", "20")
            .doc("Bad commands and failed logins with which a POP3 session ends; a good command forgives, once"
                    + " logged in.");
    static final Parameter<Integer> CLIENT_CONNECTION_COUNT_LIMIT = Parameter.integer(
                    "postern_pop3_client_connection_count_limit", "50")
            .doc("How many POP3 sessions a network (an IPv4 address, the /64 of an IPv6 address) may have at once at a"
                    + " port; 0 for any number. This machine may have any.");
    static final Parameter<Boolean> DISABLE_PLAINTEXT_AUTH = Parameter.bool(
                    "postern_pop3_disable_plaintext_auth", "yes")
            .doc("Whether passwords are refused in clear by POP3, except from this machine.");
    static final Parameter<Boolean> TLS_WRAPPERMODE = Parameter.bool("postern_pop3_tls_wrappermode", "no")
            .doc("Whether TLS begins with the connection (port 995).");

    public static final Parameter<List<String>> INTERFACES = Parameter.list("postern_pop3_interfaces", "all")
            .doc("Addresses that POP3 is served at: all, loopback-only, or names and addresses.");

    public static final List<Parameter<?>> PARAMETERS = List.of(
            INTERFACES,
            GREETING,
            TIMEOUT,
            LOGIN_TIMEOUT,
            BAD_COMMAND_LIMIT,
            CLIENT_CONNECTION_COUNT_LIMIT,
            DISABLE_PLAINTEXT_AUTH,
            TLS_WRAPPERMODE);

    /// What the sessions use of the house.
    ///
    /// @param locks one for all listeners
    /// @param tls null where TLS cannot be started
    /// @param pause waits; answers to wrong passwords are slow
    public record Services(
            MailboxStore store,
            MaildropLocks locks,
            Authenticator logins,
            @Nullable TlsSettings tls,
            MailLog log,
            InstantSource clock,
            Consumer<Duration> pause) {}

    private final MainCf conf;
    private final Services services;
    private final SessionCount sessions;
    private volatile boolean stopping;

    /// @param conf with `postern_pop3_tls_wrappermode = yes` for port 995
    public Pop3Server(MainCf conf, Services services) {
        this.conf = conf;
        this.services = services;
        this.sessions = new SessionCount(conf.get(CLIENT_CONNECTION_COUNT_LIMIT));
    }

    @Override
    public void serve(Connection connection) {
        InetAddress client = connection.peer().address();
        if (!sessions.enter(client)) {
            new Pop3Session(this, connection).turnAway();
            return;
        }
        try {
            new Pop3Session(this, connection).run();
        } finally {
            sessions.leave(client);
        }
    }

    /// From now on a session whose input ends is told that the server stops.
    public void stopping() {
        stopping = true;
    }

    boolean isStopping() {
        return stopping;
    }

    <T> T conf(Parameter<T> parameter) {
        return conf.get(parameter);
    }

    MailboxStore store() {
        return services.store();
    }

    MaildropLocks locks() {
        return services.locks();
    }

    Authenticator logins() {
        return services.logins();
    }

    @Nullable
    TlsSettings tls() {
        return services.tls();
    }

    MailLog log() {
        return services.log();
    }

    InstantSource clock() {
        return services.clock();
    }

    void pause(Duration time) {
        if (!time.isZero()) {
            services.pause().accept(time);
        }
    }
}
