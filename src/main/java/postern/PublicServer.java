package postern;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import postern.admin.ControlServer;
import postern.admin.Running;
import postern.config.ConfigException;
import postern.config.Judgement;
import postern.config.MainCf;
import postern.config.MasterCf;
import postern.dns.DnsJavaResolver;
import postern.dns.NameServers;
import postern.log.MailLog;
import postern.net.Connection;
import postern.net.Deadlines;
import postern.net.Dialer;
import postern.net.DirectDialer;
import postern.net.Endpoint;
import postern.net.HandshakePool;
import postern.net.Listener;
import postern.net.SocketListener;
import postern.net.UnixListener;
import postern.net.Uptime;
import postern.queue.Bounce;
import postern.queue.EmptyQueue;
import postern.queue.Ledger;
import postern.queue.LogQueue;
import postern.queue.Operator;
import postern.queue.Queue;
import postern.queue.Scheduler;
import postern.sasl.Authenticator;
import postern.sasl.Bans;
import postern.sasl.HashPool;
import postern.sasl.LearnedKeys;
import postern.sasl.LoginGuard;

/// The public server: the map of the house. What lasts is made and joined here; what one configuration makes
/// is a [PublicSetup], which a reload replaces as a whole. A session keeps the one it was born with.
final class PublicServer implements ServerProcess.Running {
    private static final Duration STOP_GRACE = Duration.ofSeconds(10);
    private static final Duration DNS_TIMEOUT = Duration.ofSeconds(5);
    private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");

    /// What a server stands in: a process has the real world, the demo leads addresses elsewhere.
    ///
    /// @param portOffset added to every listening port
    record Surroundings(MailLog log, Dialer dialer, Deadlines deadlines, int portOffset) {}

    private final Surroundings around;
    private final House house;
    private final Bounce bounce;
    private final Scheduler scheduler;
    private final ExecutorService deliveries = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<SocketAddress, SocketListener> listeners = new LinkedHashMap<>();
    private final UnixListener control;
    private final Configured.Source source;
    private volatile PublicSetup setup;

    private PublicServer(Configured configured, Configured.Source source, Surroundings around) throws IOException {
        MainCf conf = configured.conf();
        InstantSource clock = InstantSource.system();
        MailLog log = around.log();
        ExecutorService pool = HashPool.open();
        LogQueue queue = LogQueue.open(conf, clock, log, pool);
        this.around = around;
        this.house = new House(
                log,
                clock,
                new Uptime(),
                around.dialer(),
                new DnsJavaResolver(NameServers.of(conf, RESOLV_CONF), DNS_TIMEOUT),
                queue,
                ledger(conf, clock, log, queue),
                pool,
                HandshakePool.open(),
                new LoginGuard(clock, bans(conf, clock, log), log),
                new LearnedKeys(PublicCommands.learnedFile(conf), PublicServer::aside, log),
                mail -> scheduler().arrived(mail),
                (mail, aliases) -> bounce().expanded(mail, aliases));
        this.source = source;
        this.setup = new PublicSetup(configured, house);
        this.bounce = new Bounce(conf, envelope -> setup.queueIntake().open(envelope), queue, clock, log);
        this.scheduler = new Scheduler(
                conf,
                setup.transports(),
                new Scheduler.Services(queue, (sender, to) -> setup.routes().resolve(sender, to), bounce, log),
                new Scheduler.World(clock, new SplittableRandom(), deliveries));
        this.control = control(configured, queue);
    }

    /// Starts a server; it runs until it is closed.
    ///
    /// @throws ConfigException for a configuration that cannot be used
    /// @throws IOException for what the system refuses: a port that is taken, a queue that cannot be opened
    static PublicServer start(MainCf conf, MasterCf master, Surroundings around) throws IOException {
        return start(new Configured(conf, master, Inside.NOTHING), () -> Configured.of(conf.directory()), around);
    }

    /// The same, with what lies inside.
    ///
    /// @param source of the configuration at a reload
    static PublicServer start(Configured configured, Configured.Source source, Surroundings around) throws IOException {
        judge(configured.conf(), configured.master(), around.log());
        PublicServer server = new PublicServer(configured, source, around);
        List<SocketListener> bound;
        try {
            bound = server.listen();
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
        server.setup.announcements().forEach(line -> around.log().info("postern", line));
        server.scheduler.start();
        server.control.start();
        bound.forEach(SocketListener::start);
        return server;
    }

    /// Makes all that a start makes, but for queue and sockets, and lets go of it again.
    ///
    /// @param log gets the warnings, and what a start says
    /// @throws ConfigException for a configuration that a start would refuse
    static void rehearse(Configured configured, MailLog log) {
        MainCf conf = configured.conf();
        judge(conf, configured.master(), log);
        try (Deadlines deadlines = new Deadlines(new Uptime());
                ExecutorService pool = HashPool.open()) {
            House house = new House(
                    log,
                    InstantSource.system(),
                    new Uptime(),
                    new DirectDialer(deadlines),
                    new DnsJavaResolver(NameServers.of(conf, RESOLV_CONF), DNS_TIMEOUT),
                    new EmptyQueue(),
                    Ledger.closed(),
                    pool,
                    pool,
                    new LoginGuard(InstantSource.system(), Bans.inMemory(InstantSource.system()), log),
                    LearnedKeys.inMemory(),
                    mail -> {},
                    (mail, aliases) -> {});
            PublicSetup setup = new PublicSetup(configured, house);
            setup.announcements().forEach(line -> log.info("postern", line));
            setup.close();
        }
    }

    /// What settings say by themselves: warnings, and values that cannot be used.
    private static void judge(MainCf conf, MasterCf master, MailLog log) {
        Judgement judgement = Judgement.of(conf, master);
        judgement.warnings().forEach(warning -> log.warning("postern", warning));
        judgement.orRefuse();
        PublicParameters.readAll(conf, master);
    }

    private static Ledger ledger(MainCf conf, InstantSource clock, MailLog log, LogQueue queue) throws IOException {
        try {
            return Ledger.open(conf, clock, log);
        } catch (IOException e) {
            queue.close();
            throw e;
        }
    }

    private static Bans bans(MainCf conf, InstantSource clock, MailLog log) {
        return new Bans(clock, PublicCommands.bansFile(conf), PublicServer::aside, log);
    }

    /// Writes small files behind the sessions' backs.
    private static void aside(Runnable work) {
        Thread.ofVirtual().name("files").start(work);
    }

    private Bounce bounce() {
        return bounce;
    }

    private Scheduler scheduler() {
        return scheduler;
    }

    private UnixListener control(Configured configured, Queue queue) throws IOException {
        Inside inside = configured.inside();
        Running running = new Running(
                inside.role(),
                house.clock().instant(),
                house.clock(),
                this::reload,
                () -> System.exit(0),
                new BanOrders(this::doorkeeper, around.log()));
        Operator operator =
                new Operator(queue, scheduler, envelope -> setup.queueIntake().open(envelope), around.log());
        return new UnixListener(
                PublicCommands.controlSocket(configured.conf()),
                around.deadlines(),
                new ControlServer(operator, running, inside.mailroom(), around.log()));
    }

    /// Reads the configuration again and takes it as a whole. When it cannot be used, what runs goes on.
    ///
    /// @return why it could not be used, or empty
    @Override
    public synchronized String reload() {
        Path directory = setup.conf().directory();
        try {
            Configured next = source.read();
            judge(next.conf(), next.master(), around.log());
            take(new PublicSetup(next, house));
        } catch (ConfigException | IOException e) {
            around.log().warning("postern", "reload refused, the old configuration stays: " + e.getMessage());
            return String.valueOf(e.getMessage());
        }
        around.log().info("postern", "reload -- configuration " + directory);
        return "";
    }

    /// Puts a setup in the place of the one that runs; when it cannot listen, that one stays.
    private void take(PublicSetup next) throws IOException {
        PublicSetup last = setup;
        setup = next;
        try {
            List<SocketListener> bound = listen();
            bounce.reload(next.conf());
            house.ledger().reload(next.conf());
            scheduler.reload(next.conf(), next.transports());
            bound.forEach(SocketListener::start);
        } catch (IOException | RuntimeException e) {
            setup = last;
            next.close();
            throw e;
        }
        next.announcements().stream()
                .filter(line -> !last.announcements().contains(line))
                .forEach(line -> around.log().info("postern", line));
        last.close();
    }

    /// Binds what the setup names and is not bound yet, and lets go of what it names no more.
    ///
    /// @return the new ones, to be started
    /// @throws IOException when one cannot be bound; then none is
    private List<SocketListener> listen() throws IOException {
        Map<SocketAddress, SocketListener> bound = new LinkedHashMap<>();
        List<SocketAddress> wanted = new ArrayList<>();
        try {
            for (PublicService service : setup.services()) {
                for (SocketAddress address : service.addresses()) {
                    SocketAddress shifted = Listening.shifted(address, around.portOffset());
                    wanted.add(shifted);
                    if (!listeners.containsKey(shifted) && !bound.containsKey(shifted)) {
                        bound.put(shifted, listener(shifted, service));
                    }
                }
            }
        } catch (IOException | RuntimeException e) {
            bound.values().forEach(SocketListener::close);
            throw e;
        }
        listeners.putAll(bound);
        listeners.entrySet().removeIf(entry -> {
            boolean gone = !wanted.contains(entry.getKey());
            if (gone) {
                entry.getValue().close();
            }
            return gone;
        });
        return List.copyOf(bound.values());
    }

    private SocketListener listener(SocketAddress address, PublicService service) throws IOException {
        String name = service.name();
        return new SocketListener(
                address,
                service.most(),
                around.deadlines(),
                new Newest(name),
                warning -> around.log().warning("postern", warning));
    }

    /// The newest configuration of a line of master.cf serves what connects to it.
    private final class Newest implements Listener.Session {
        private final String name;

        Newest(String name) {
            this.name = name;
        }

        @Override
        public void serve(Connection connection) {
            PublicService service = setup.service(name);
            if (service != null) {
                service.serve(connection);
            }
        }

        @Override
        public boolean prefers(Endpoint peer) {
            PublicService service = setup.service(name);
            return service != null && service.prefers(peer);
        }
    }

    /// Who may log in now; null for nobody.
    @Nullable
    Authenticator logins() {
        return setup.logins();
    }

    /// Who turns away whom now.
    Doorkeeper doorkeeper() {
        return setup.doorkeeper();
    }

    /// Where it listens.
    @Override
    public List<Endpoint> listening() {
        return listeners.values().stream().map(SocketListener::local).toList();
    }

    /// How many messages are in the queue.
    int queued() {
        Queue.Counts counts = house.queue().counts();
        return counts.active() + counts.waiting() + counts.held();
    }

    /// Stops listening, lets sessions answer the command they are at, ends deliveries, and closes the queue.
    @Override
    public synchronized void close() {
        control.close();
        listeners.values().forEach(SocketListener::close);
        setup.services().forEach(PublicService::stopping);
        long end = System.nanoTime() + STOP_GRACE.toNanos();
        while (listeners.values().stream().anyMatch(listener -> !listener.open().isEmpty())
                && System.nanoTime() < end) {
            listeners.values().forEach(SocketListener::endWaiting);
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
        scheduler.close();
        deliveries.close();
        setup.close();
        house.close();
    }
}
