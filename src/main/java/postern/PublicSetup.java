package postern;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import postern.cleanup.Cleanup;
import postern.cleanup.Outlet;
import postern.cleanup.OwnClients;
import postern.cleanup.QueueOutlet;
import postern.config.ConfigException;
import postern.config.MainCf;
import postern.config.MasterCf;
import postern.config.MasterService;
import postern.config.Parameter;
import postern.dns.HostsResolver;
import postern.handover.PassThrough;
import postern.handover.WhenDown;
import postern.lookup.Lookup;
import postern.lookup.MatchList;
import postern.lookup.Table;
import postern.lookup.TableContext;
import postern.lookup.Tables;
import postern.net.TlsSettings;
import postern.policy.HostList;
import postern.policy.RateAnvil;
import postern.policy.RestrictionLists;
import postern.queue.Bounce;
import postern.queue.LogQueue;
import postern.queue.Transport;
import postern.rewrite.Routes;
import postern.sasl.Authenticator;
import postern.sasl.Elsewhere;
import postern.sasl.Introspection;
import postern.sasl.Logins;
import postern.sasl.ServerMechanisms;
import postern.sasl.Users;
import postern.smtp.Intake;
import postern.smtp.Reply;
import postern.smtp.server.RelayLogins;
import postern.smtp.server.SmtpServer;
import postern.smtp.server.SmtpdTls;

/// What one configuration of the public server makes: all that a reload replaces, as a whole. What outlives a
/// reload is the [House].
final class PublicSetup {
    static final Parameter<String> POSTERN_HANDOVER = Parameter.choice(
                    "postern_handover", "through", Map.of("through", "through", "queue", "queue"))
            .doc("through: the next hop is asked before a recipient or a message is accepted, and nothing is kept"
                    + " here; queue: mail is forced to the queue, then delivered, as Postfix does it.");
    static final Parameter<String> POSTERN_NEXT_HOP_DOWN = Parameter.choice(
                    "postern_next_hop_down", "defer", Map.of("defer", "defer", "queue", "queue"))
            .doc("What becomes of a message whose next hop is away, with postern_handover = through. defer: 451, the"
                    + " sender keeps it; queue: it waits here, in clear, as Postfix does it.");
    static final List<Parameter<?>> PARAMETERS = List.of(POSTERN_HANDOVER, POSTERN_NEXT_HOP_DOWN);

    private static final Path HOSTS = Path.of("/etc/hosts");

    private final MainCf conf;
    private final House house;
    private final Tables tables;
    private final Routes routes;
    private final Intakes intakes;
    private final List<PublicService> services = new ArrayList<>();
    private final List<RestrictionLists> policies = new ArrayList<>();
    private final PublicTransports transports;
    private final Admission admission;
    private final Set<String> announcements = new LinkedHashSet<>();

    /// @param ours takes what this server has to say itself
    /// @param all takes what comes in
    private record Intakes(Intake ours, Intake all) {}

    /// @param logins who may log in; null for nobody
    /// @param relays logins that are relays; null for none
    private record Admission(
            Doorkeeper doorkeeper,
            @Nullable Authenticator logins,
            @Nullable RelayLogins relays) {}

    /// Makes everything; nothing listens or runs yet.
    ///
    /// @throws ConfigException for what cannot be used
    PublicSetup(Configured configured, House house) {
        this.conf = configured.conf();
        MasterCf master = configured.master();
        this.house = house;
        boolean through = conf.get(POSTERN_HANDOVER).equals("through");
        this.tables = new Tables(
                new TableContext(conf, house.log(), house.dialer(), house.clock()),
                configured.provisioner().tableTypes());
        this.routes = new Routes(conf, tables);
        this.transports = new PublicTransports(configured, tables, routes, house);
        Outlet.Opener queue = new QueueOutlet.Behind(house.queue(), house.arrived(), house.expanded()).outlet();
        Outlet.Opener way = through ? passing(queue) : configured.inside().outlet(queue, routes);
        this.intakes = new Intakes(cleanup(tables, queue), cleanup(tables, way));
        announcements.add(whatIsKept(through, configured.inside() != Inside.NOTHING));
        Doorkeeper doorkeeper = Doorkeeper.of(house.guard(), tables);
        this.admission = new Admission(
                doorkeeper, findLogins(doorkeeper, configured.provisioner().logins()), relays(master, way));
        for (MasterService line : master.listeners(conf)) {
            MainCf seen = master.configure(conf, line);
            if (through) {
                PassableSettings.require(seen);
            }
            if (admission.logins() == null && SmtpServer.wantsLogins(seen)) {
                house.log()
                        .warning(
                                "postern",
                                seen.origin("smtpd_sasl_auth_enable")
                                        + ": smtpd_sasl_auth_enable = yes: nobody can log in until postern_sasl_users names a file of login|{SCHEME}hash lines");
            }
            HostList own = HostList.mynetworks(tables.with(seen));
            Intake intake = PassableSettings.looksInto(seen).equals(PassableSettings.looksInto(conf))
                    ? intakes.all()
                    : cleanup(tables.with(seen), way);
            services.add(new PublicService(seen, line, own, stressed -> server(tables.with(seen), intake, stressed)));
        }
        if (services.isEmpty()) {
            house.log().warning("postern", "master.cf: no inet service runs smtpd or postscreen: nothing listens");
        }
    }

    /// A notice about a message that some have refused and others taken goes the way of all mail: to its
    /// sender's own server, while the client waits.
    private PassThrough.Behind behind() {
        Intake notices = envelope -> intakes().all().open(envelope);
        Bounce bounce = new Bounce(conf, notices, house.queue(), house.clock(), house.log());
        return new PassThrough.Behind(transports::way, house.ledger(), new PublicNotices(bounce, tables));
    }

    private Intakes intakes() {
        return intakes;
    }

    private Outlet.Opener passing(Outlet.Opener queue) {
        PassThrough through = new PassThrough(conf, behind(), house.log(), house.clock());
        return conf.get(POSTERN_NEXT_HOP_DOWN).equals("queue")
                ? new WhenDown.Opener(through, queue, house.log())
                : through;
    }

    private String whatIsKept(boolean through, boolean hasMailboxes) {
        if (hasMailboxes) {
            return "the queue in " + conf.get(LogQueue.QUEUE_DIRECTORY)
                    + "/postern holds what is not for mailboxes alone, in clear, until it is delivered";
        }
        if (!through) {
            return "the queue in " + conf.get(LogQueue.QUEUE_DIRECTORY)
                    + "/postern holds mail in clear until it is delivered (postern_handover = queue)";
        }
        return conf.get(POSTERN_NEXT_HOP_DOWN).equals("queue")
                ? "mail is handed over before it is accepted; while its next hop is away, the queue in "
                        + conf.get(LogQueue.QUEUE_DIRECTORY)
                        + "/postern holds it in clear (postern_next_hop_down = queue)"
                : "mail is handed over before it is accepted, and not kept here (postern_handover = through)";
    }

    MainCf conf() {
        return conf;
    }

    Routes routes() {
        return routes;
    }

    /// Who may log in; null for nobody.
    @Nullable
    Authenticator logins() {
        return admission.logins();
    }

    Doorkeeper doorkeeper() {
        return admission.doorkeeper();
    }

    /// Takes what this server has to say itself: notices about mail in the queue, and mail that is queued again.
    Intake queueIntake() {
        return intakes.ours();
    }

    List<PublicService> services() {
        return services;
    }

    List<Transport> transports() {
        return transports.all();
    }

    /// The service of a line of master.cf, or null when it has gone.
    @Nullable
    PublicService service(String name) {
        return services.stream()
                .filter(service -> service.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    /// @param seen the tables of the server, or of a listener that looks into messages in its own way
    private Intake cleanup(Tables seen, Outlet.Opener outlet) {
        return new Cleanup(
                seen.context().conf(),
                new Cleanup.Services(house.log(), outlet, new OwnClients(conf, tables), house.clock()),
                seen,
                routes.local());
    }

    private @Nullable Authenticator findLogins(Doorkeeper doorkeeper, Elsewhere elsewhere) {
        String file = conf.get(Logins.SASL_USERS);
        if (file.isEmpty()) {
            return null;
        }
        Elsewhere all = elsewhere.with(Introspection.of(conf, house.clock()));
        try {
            Users users = Users.open(conf, house.guard(), house.clock(), house.log());
            return new Logins(
                            users,
                            Logins.Guarded.of(conf, house.guard(), doorkeeper.rules(), house.learned()),
                            house.pool())
                    .with(all);
        } catch (ConfigException e) {
            throw conf.error(Logins.SASL_USERS.name(), e.getMessage(), e);
        }
    }

    /// Relays that log in are judged by the first listener that is for the world, trusted by none of its lists.
    private @Nullable RelayLogins relays(MasterCf master, Outlet.Opener way) {
        if (conf.get(RelayLogins.POSTERN_RELAY_LOGINS).isEmpty()) {
            return null;
        }
        MainCf world = master.listeners(conf).stream()
                .map(line -> master.configure(conf, line))
                .filter(seen -> !SmtpServer.wantsLogins(seen))
                .findFirst()
                .orElse(conf);
        Tables seen = tables.with(world.with(Map.of("mynetworks", ""), "postern_relay_logins"));
        RestrictionLists policy =
                new RestrictionLists(seen, routes, house.resolver(), transports::probe, LogNames.of(world, "smtpd"));
        policies.add(policy);
        MatchList names = tables.names(RelayLogins.POSTERN_RELAY_LOGINS);
        Cleanup.Services strangers = new Cleanup.Services(house.log(), way, peer -> false, house.clock());
        return new RelayLogins(
                login -> names.match(login) instanceof Lookup.Found,
                policy,
                new Cleanup(seen.context().conf(), strangers, seen, routes.local()));
    }

    private SmtpServer server(Tables tables, Intake intake, BooleanSupplier stressed) {
        MainCf seen = tables.context().conf();
        String name = LogNames.of(seen, "smtpd");
        @Nullable
        TlsSettings tls = SmtpdTls.of(
                seen, house.uptime(), house.handshakes(), text -> house.log().warning(name, text));
        SmtpServer.Services uses = new SmtpServer.Services(
                admission.doorkeeper().before(policy(tables, name)),
                new RateAnvil(tables, house.uptime(), name),
                admission.logins(),
                intake,
                new HostsResolver(HOSTS, house.resolver()),
                tls,
                house.log(),
                house.clock(),
                stressed,
                time -> LockSupport.parkNanos(time.toNanos()));
        return new SmtpServer(name, seen, uses, lists(tables));
    }

    private RestrictionLists policy(Tables tables, String name) {
        RestrictionLists policy = new RestrictionLists(tables, routes, house.resolver(), transports::probe, name);
        policies.add(policy);
        announcements.add(name + ": " + policy.whoMaySendAsWhom());
        return policy;
    }

    /// Lets go of what rests: connections to next hops, table servers and policy servers. Sessions and deliveries
    /// that are under way still use them, and keep none open.
    void close() {
        transports.close();
        policies.forEach(RestrictionLists::close);
        tables.close();
    }

    /// What is said at each start, a line each.
    Set<String> announcements() {
        return announcements;
    }

    /// The match lists of one service.
    private SmtpServer.Lists lists(Tables tables) {
        MatchList forbidden = tables.names(SmtpServer.SMTPD_FORBIDDEN_COMMANDS);
        Table discarded = tables.open(SmtpServer.SMTPD_DISCARD_EHLO_KEYWORD_ADDRESS_MAPS);
        return new SmtpServer.Lists(
                new HostList(SmtpServer.SMTPD_AUTHORIZED_XCLIENT_HOSTS, tables),
                new HostList(SmtpServer.SMTPD_AUTHORIZED_XFORWARD_HOSTS, tables),
                new HostList(SmtpServer.POSTERN_HANDOVER_CLIENTS, tables),
                new HostList(SmtpServer.POSTERN_UPSTREAM_PROXY_HOSTS, tables),
                word -> forbidden.match(word) instanceof Lookup.Found,
                address -> words(discarded.find(address)),
                new ServerMechanisms(tables.context().conf(), tables),
                HostList.mynetworks(tables),
                transports::offered,
                admission.relays());
    }

    /// The words that a table has.
    private static Optional<List<String>> words(Lookup answer) {
        return switch (answer) {
            case Lookup.Found(String value) -> Optional.of(List.of(value.strip().split("[\\s,]+", -1)));
            case Lookup.NotFound() -> Optional.empty();
            case Lookup.TempFail _ -> throw new Reply.Refused("451 4.3.0 Temporary lookup failure");
        };
    }
}
