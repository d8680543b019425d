package postern;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import postern.admin.Mailroom;
import postern.config.MainCf;
import postern.dms.DmsConfig;
import postern.dms.DmsWatch;
import postern.dms.SigningFiles;
import postern.mailauth.SigningTables;
import postern.mailbox.MailboxStore;
import postern.mailbox.delivery.Residents;
import postern.mailbox.sql.SqliteStore;
import postern.net.Endpoint;
import postern.net.HandshakePool;
import postern.net.SocketListener;
import postern.net.TlsSettings;
import postern.net.Uptime;
import postern.pop3.server.MaildropLocks;
import postern.pop3.server.Pop3Server;
import postern.sasl.Authenticator;
import postern.smtp.server.SmtpdTls;

/// The private server: the SMTP engine of the public one with mailboxes inside, and what serves them. Its
/// configuration is docker-mailserver's volume.
final class PrivateServer implements ServerProcess.Running {
    private static final int POP3 = 110;
    private static final int POP3S = 995;
    private static final int SESSIONS = 1000;

    private final PublicServer.Surroundings around;
    private final MailboxStore store;
    private final Mailroom mailroom;
    private final PublicServer mail;
    private final ExecutorService handshakes = HandshakePool.open();
    private final List<SocketListener> listeners = new ArrayList<>();
    private final List<Pop3Server> pop3 = new ArrayList<>();
    private final DmsWatch watch;
    private volatile DmsConfig newest;

    /// Where things lie.
    ///
    /// @param config the config volume
    /// @param mail where the mailboxes are kept
    /// @param state where the queue is kept, and what is made of the configuration
    /// @param settings that go over those of the volume: where the demo and tests stand in for the world
    record Places(Path config, Path mail, Path state, Map<String, String> environment, Map<String, String> settings) {
        Places(Path config, Path mail, Path state, Map<String, String> environment) {
            this(config, mail, state, environment, Map.of());
        }

        DmsConfig read() {
            return DmsConfig.read(config, environment, state).with(settings, "settings");
        }

        Path store() {
            return mail.resolve("postern");
        }
    }

    private PrivateServer(DmsConfig dms, Places places, SqliteStore store, PublicServer.Surroundings around)
            throws IOException {
        this.around = around;
        this.store = store;
        this.mailroom = new PrivateMailroom(store, places.store(), places.config());
        this.newest = dms;
        this.watch = new DmsWatch(places.config(), () -> newest.watched(), this::reload, around.log());
        this.mail = PublicServer.start(configured(dms), () -> configured(places.read()), around);
    }

    /// Starts a server; it runs until it is closed.
    ///
    /// @throws postern.config.ConfigException for a configuration that cannot be used
    /// @throws IOException for what the system refuses
    static PrivateServer start(DmsConfig dms, Places places, PublicServer.Surroundings around) throws IOException {
        dms.warnings().forEach(line -> around.log().warning("postern", line));
        SqliteStore store = SqliteStore.open(places.store(), InstantSource.system(), around.log());
        PrivateServer server;
        try {
            server = new PrivateServer(dms, places, store, around);
        } catch (IOException | RuntimeException e) {
            store.close();
            throw e;
        }
        try {
            server.serve(dms);
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
        server.watch.start();
        dms.announcements().forEach(line -> around.log().info("postern", line));
        PrivatePredecessor.announce(places, around.log());
        return server;
    }

    private Configured configured(DmsConfig dms) {
        PrivateProvisioner provisioner = PrivateProvisioner.of(dms, InstantSource.system(), around.log());
        Residents residents = new Residents(provisioner.book(), store);
        boolean direct = !PassableSettings.needQueue(dms.conf());
        newest = dms;
        Household household = new Household(residents, Household.placing(dms), direct, mailroom, around.log());
        SigningTables keys = new SigningTables(SigningFiles.of(dms), InstantSource.system(), around.log());
        return new Configured(
                dms.conf(),
                dms.master(),
                new Signed(household, keys, InstantSource.system(), around.log()),
                provisioner.provisioner());
    }

    private void serve(DmsConfig dms) throws IOException {
        if (!dms.hasPop3()) {
            return;
        }
        MaildropLocks locks = new MaildropLocks();
        TlsSettings tls = SmtpdTls.of(
                dms.forUsers(), new Uptime(), handshakes, text -> around.log().warning("pop3", text));
        listen(POP3, dms, dms.conf(), locks, tls);
        if (tls != null) {
            MainCf wrapped = dms.conf().with(Map.of("postern_pop3_tls_wrappermode", "yes"), "pop3s");
            listen(POP3S, dms, wrapped, locks, tls);
        }
        listeners.forEach(SocketListener::start);
    }

    private void listen(int port, DmsConfig dms, MainCf conf, MaildropLocks locks, @Nullable TlsSettings tls)
            throws IOException {
        Pop3Server server = new Pop3Server(
                conf,
                new Pop3Server.Services(
                        store,
                        locks,
                        new CurrentLogins(),
                        tls,
                        around.log(),
                        InstantSource.system(),
                        time -> LockSupport.parkNanos(time.toNanos())));
        pop3.add(server);
        List<String> protocols = List.of(dms.environment().get("DOVECOT_INET_PROTOCOLS"));
        for (InetSocketAddress address : Listening.addresses(conf, Pop3Server.INTERFACES, protocols, port)) {
            listeners.add(new SocketListener(
                    new InetSocketAddress(address.getAddress(), Listening.port(address, around.portOffset())),
                    SESSIONS,
                    around.deadlines(),
                    Doorkeeper.before(mail::doorkeeper, server),
                    warning -> around.log().warning("pop3", warning)));
        }
    }

    /// Those who may log in under the newest configuration.
    private final class CurrentLogins implements Authenticator {
        @Override
        public List<String> mechanisms(Peer client) {
            Authenticator logins = mail.logins();
            return logins == null ? List.of() : logins.mechanisms(client);
        }

        @Override
        public @Nullable Exchange begin(String mechanism, Peer client) {
            Authenticator logins = mail.logins();
            return logins == null ? null : logins.begin(mechanism, client);
        }
    }

    @Override
    public String reload() {
        return mail.reload();
    }

    @Override
    public List<Endpoint> listening() {
        return Stream.concat(mail.listening().stream(), listeners.stream().map(SocketListener::local))
                .toList();
    }

    /// How many messages are in the queue.
    int queued() {
        return mail.queued();
    }

    @Override
    public void close() {
        watch.close();
        listeners.forEach(SocketListener::close);
        pop3.forEach(Pop3Server::stopping);
        mail.close();
        long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        while (listeners.stream().anyMatch(listener -> !listener.open().isEmpty()) && System.nanoTime() < end) {
            listeners.forEach(SocketListener::endWaiting);
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
        handshakes.shutdown();
        try {
            store.close();
        } catch (IOException e) {
            around.log().warning("postern", "the mailboxes were not closed in order: " + e.getMessage());
        }
    }
}
