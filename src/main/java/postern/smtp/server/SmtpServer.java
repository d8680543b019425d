package postern.smtp.server;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import postern.config.MainCf;
import postern.config.Parameter;
import postern.dns.Resolver;
import postern.log.MailLog;
import postern.net.Connection;
import postern.net.Endpoint;
import postern.net.Listener;
import postern.net.TlsSettings;
import postern.policy.Anvil;
import postern.policy.HostList;
import postern.policy.Policy;
import postern.sasl.Authenticator;
import postern.sasl.Login;
import postern.sasl.ServerMechanisms;
import postern.smtp.Intake;
import postern.smtp.Offered;
import postern.smtp.Reply;
import postern.wire.ProxyHeader;
import postern.wire.Window;

/// The SMTP service of one listener and one configuration: what its sessions share. A reload makes a new one;
/// sessions keep the one they were born with.
public final class SmtpServer implements Listener.Session {
    static final Parameter<Boolean> SMTPD_PEERNAME_LOOKUP =
            Parameter.bool("smtpd_peername_lookup", "yes").doc("Whether the names of clients are looked up.");
    static final Parameter<String> SMTPD_UPSTREAM_PROXY_PROTOCOL = Parameter.choice(
                    "smtpd_upstream_proxy_protocol", "", Map.of("", "", "haproxy", "haproxy"))
            .doc("haproxy: each connection begins with a PROXY header, version 1 or 2.");
    static final Parameter<Duration> SMTPD_UPSTREAM_PROXY_TIMEOUT =
            Parameter.time("smtpd_upstream_proxy_timeout", "5s").doc("How long a proxy may take over its header.");
    public static final Parameter<List<String>> POSTERN_UPSTREAM_PROXY_HOSTS = Parameter.list(
                    "postern_upstream_proxy_hosts", "$mynetworks")
            .doc("Who may send a PROXY header, where smtpd_upstream_proxy_protocol asks for one. Others are"
                    + " disconnected.");
    public static final Parameter<List<String>> SMTPD_AUTHORIZED_XCLIENT_HOSTS =
            Parameter.list("smtpd_authorized_xclient_hosts", "").doc("Who may use XCLIENT.");
    public static final Parameter<List<String>> SMTPD_AUTHORIZED_XFORWARD_HOSTS =
            Parameter.list("smtpd_authorized_xforward_hosts", "").doc("Who may use XFORWARD.");
    public static final Parameter<List<String>> POSTERN_HANDOVER_CLIENTS = Parameter.list(
                    "postern_handover_clients", "")
            .doc("Who may hand mail over to us under ids (XHANDOVER): the public server in front of this one. Matched"
                    + " against who has really connected.");
    public static final Parameter<List<String>> SMTPD_FORBIDDEN_COMMANDS = Parameter.list(
                    "smtpd_forbidden_commands", "CONNECT GET POST regexp:{{/^[^A-Z]/ Bogus}}")
            .doc("Words that no mail client says: whoever does is disconnected.");
    static final Parameter<List<String>> SMTPD_DISCARD_EHLO_KEYWORDS =
            Parameter.list("smtpd_discard_ehlo_keywords", "").doc("Extensions that are not offered.");
    public static final Parameter<List<String>> SMTPD_DISCARD_EHLO_KEYWORD_ADDRESS_MAPS = Parameter.list(
                    "smtpd_discard_ehlo_keyword_address_maps", "")
            .doc("Tables of such extensions by client address, in place of smtpd_discard_ehlo_keywords.");
    static final Parameter<Boolean> SMTPUTF8_ENABLE = Parameter.bool("smtputf8_enable", "yes")
            .doc("Whether SMTPUTF8 is offered and command lines must be UTF-8.");
    static final Parameter<Boolean> DISABLE_VRFY_COMMAND =
            Parameter.bool("disable_vrfy_command", "no").doc("Whether VRFY is refused.");

    public static final List<Parameter<?>> PARAMETERS = Stream.of(
                    List.of(
                            SMTPD_PEERNAME_LOOKUP,
                            SMTPD_UPSTREAM_PROXY_PROTOCOL,
                            SMTPD_UPSTREAM_PROXY_TIMEOUT,
                            POSTERN_UPSTREAM_PROXY_HOSTS,
                            SMTPD_AUTHORIZED_XCLIENT_HOSTS,
                            SMTPD_AUTHORIZED_XFORWARD_HOSTS,
                            POSTERN_HANDOVER_CLIENTS,
                            RelayLogins.POSTERN_RELAY_LOGINS,
                            SMTPD_FORBIDDEN_COMMANDS,
                            SMTPD_DISCARD_EHLO_KEYWORDS,
                            SMTPD_DISCARD_EHLO_KEYWORD_ADDRESS_MAPS,
                            SMTPUTF8_ENABLE,
                            DISABLE_VRFY_COMMAND,
                            BareNewline.SMTPD_FORBID_BARE_NEWLINE,
                            BareNewline.SMTPD_FORBID_BARE_NEWLINE_REJECT_CODE,
                            TlsLevel.SMTPD_TLS_SECURITY_LEVEL,
                            TlsLevel.SMTPD_USE_TLS,
                            TlsLevel.SMTPD_ENFORCE_TLS,
                            Content.MESSAGE_SIZE_LIMIT),
                    SessionParameters.ALL,
                    Mail.PARAMETERS,
                    Rcpt.PARAMETERS,
                    RejectFooter.PARAMETERS,
                    Auth.PARAMETERS)
            .<Parameter<?>>flatMap(List::stream)
            .toList();

    /// What the sessions use of the house.
    ///
    /// @param logins null where nobody can log in
    /// @param tls null where TLS cannot be started
    /// @param stressed whether the service is close to its limit of connections: sessions that begin then get
    ///     the shorter times and smaller limits of `${stress?…}`
    /// @param pause waits; sessions slow down clients that make errors
    public record Services(
            Policy policy,
            Anvil anvil,
            @Nullable Authenticator logins,
            Intake intake,
            Resolver dns,
            @Nullable TlsSettings tls,
            MailLog log,
            InstantSource clock,
            BooleanSupplier stressed,
            Consumer<Duration> pause) {}

    /// The lists of the configuration, compiled by whoever knows tables.
    ///
    /// @param xclient [#SMTPD_AUTHORIZED_XCLIENT_HOSTS]
    /// @param xforward [#SMTPD_AUTHORIZED_XFORWARD_HOSTS]
    /// @param handover [#POSTERN_HANDOVER_CLIENTS]
    /// @param proxies [#POSTERN_UPSTREAM_PROXY_HOSTS]
    /// @param forbiddenCommands [#SMTPD_FORBIDDEN_COMMANDS]
    /// @param discarded [#SMTPD_DISCARD_EHLO_KEYWORD_ADDRESS_MAPS], by the address of a client
    /// @param known `mynetworks`: clients that may relay
    /// @param behind what those who take strangers' mail from us can honour
    /// @param relays null where no login is one
    public record Lists(
            HostList xclient,
            HostList xforward,
            HostList handover,
            HostList proxies,
            Predicate<String> forbiddenCommands,
            Function<String, Optional<List<String>>> discarded,
            ServerMechanisms mechanisms,
            HostList known,
            Supplier<Offered> behind,
            @Nullable RelayLogins relays) {
        /// Where every login is a user's.
        public Lists(
                HostList xclient,
                HostList xforward,
                HostList handover,
                HostList proxies,
                Predicate<String> forbiddenCommands,
                Function<String, Optional<List<String>>> discarded,
                ServerMechanisms mechanisms,
                HostList known,
                Supplier<Offered> behind) {
            this(xclient, xforward, handover, proxies, forbiddenCommands, discarded, mechanisms, known, behind, null);
        }
    }

    private final String service;
    private final MainCf conf;
    private final MainCf stressedConf;
    private final Services services;
    private final Lists lists;
    private final Set<String> discarded;
    private final TlsLevel tlsLevel;
    private final RejectFooter footer;
    private final AtomicLong instances = new AtomicLong();
    private volatile boolean stopping;

    /// @param service the name in the log: `smtpd`, `submission/smtpd`
    /// Whether a configuration lets clients log in.
    public static boolean wantsLogins(MainCf conf) {
        return conf.get(Auth.SMTPD_SASL_AUTH_ENABLE);
    }

    public SmtpServer(String service, MainCf conf, Services services, Lists lists) {
        this.service = service;
        this.conf = conf;
        this.stressedConf = conf.with(Map.of("stress", "yes"), "stress");
        this.services = services;
        this.lists = lists;
        this.tlsLevel = TlsLevel.of(conf);
        this.footer = new RejectFooter(conf);
        this.discarded = discarding(conf.get(SMTPD_DISCARD_EHLO_KEYWORDS));
    }

    private Set<String> discarding(List<String> keywords) {
        Set<String> all = new HashSet<>();
        keywords.forEach(keyword -> all.add(keyword.toUpperCase(Locale.ROOT)));
        if (!conf.get(SMTPUTF8_ENABLE)) {
            all.add("SMTPUTF8");
        }
        if (conf.get(DISABLE_VRFY_COMMAND)) {
            all.add("VRFY");
        }
        return Set.copyOf(all);
    }

    @Override
    public void serve(Connection connection) {
        MainCf chosen = services.stressed().getAsBoolean() ? stressedConf : conf;
        Endpoint peer = connection.peer();
        Endpoint local = connection.local();
        if (!chosen.get(SMTPD_UPSTREAM_PROXY_PROTOCOL).isEmpty()) {
            ProxyHeader header = proxyHeader(connection);
            if (header == null) {
                return;
            }
            if (header.source() != null && header.destination() != null) {
                peer = Endpoint.of(header.source(), header.sourcePort());
                local = Endpoint.of(header.destination(), header.destinationPort());
            }
        }
        new SmtpSession(this, chosen, connection, client(peer, chosen), local).run();
    }

    /// What the proxy says, or null when the connection is of no use: then nothing is said to it.
    private @Nullable ProxyHeader proxyHeader(Connection connection) {
        Endpoint peer = connection.peer();
        if (!lists.proxies().has(Client.UNKNOWN, peer.address())) {
            log().warning(service, "[" + peer.text() + "] may send no PROXY header (postern_upstream_proxy_hosts)");
            return null;
        }
        connection.deadline().in(conf.get(SMTPD_UPSTREAM_PROXY_TIMEOUT));
        // Byte by byte: what follows may be for TLS.
        Window window = new Window(into -> {
            into.limit(into.position() + 1);
            return connection.read(into);
        });
        try {
            return ProxyHeader.read(window);
        } catch (IOException e) {
            String reason = connection.deadline().expired() ? "timeout" : String.valueOf(e.getMessage());
            log().warning(service, "PROXY header from [" + peer.text() + "]: " + reason);
            return null;
        }
    }

    private Client client(Endpoint peer, MainCf chosen) {
        InetAddress address = peer.address();
        return address != null && chosen.get(SMTPD_PEERNAME_LOOKUP)
                ? new ClientName(services.dns(), services.log(), service).find(address, peer.port())
                : Client.nameless(address, peer.port());
    }

    /// From now on a session whose input ends is told that the server stops.
    public void stopping() {
        stopping = true;
    }

    boolean isStopping() {
        return stopping;
    }

    /// Who judges a client.
    Policy policy(Identity identity) {
        RelayLogins relays = lists.relays();
        return relays == null || identity.relay().isEmpty() ? services.policy() : relays.policy();
    }

    /// Who a client is once it has logged in.
    Identity loggedIn(Identity before, Login login, String method) {
        RelayLogins relays = lists.relays();
        return relays != null
                        && (relays.has().test(login.name()) || relays.has().test(login.account()))
                ? before.asRelay(login.name(), method)
                : before.withLogin(login, method);
    }

    Anvil anvil() {
        return services.anvil();
    }

    @Nullable
    Authenticator logins() {
        return services.logins();
    }

    /// Who takes a client's mail.
    Intake intake(Identity identity) {
        RelayLogins relays = lists.relays();
        return relays == null || identity.relay().isEmpty() ? services.intake() : relays.intake();
    }

    /// How TLS begins; null where it cannot.
    @Nullable
    TlsSettings tls() {
        return tlsLevel == TlsLevel.NONE && !conf.get(SessionParameters.SMTPD_TLS_WRAPPERMODE) ? null : services.tls();
    }

    boolean demandsTls() {
        return tlsLevel == TlsLevel.ENCRYPT;
    }

    InstantSource clock() {
        return services.clock();
    }

    MailLog log() {
        return services.log();
    }

    void log(String text) {
        services.log().info(service, text);
    }

    void warning(String text) {
        services.log().warning(service, text);
    }

    void pause(Duration time) {
        if (!time.isZero()) {
            services.pause().accept(time);
        }
    }

    /// What a client is told of a reply: behind a refusal the footer.
    Reply withFooter(Reply reply, Client client) {
        return reply.isPositive()
                ? reply
                : footer.behind(reply, client, services.clock().instant());
    }

    /// Whether a session may use XCLIENT: a relay may, which has proved who it is.
    boolean mayUseXClient(Client caller, Identity identity) {
        return mayUseXClient(caller) || !identity.relay().isEmpty();
    }

    /// Whether a client is in the list of those that may use XCLIENT.
    boolean mayUseXClient(Client client) {
        return lists.xclient().has(client.name(), client.address());
    }

    /// What a client is offered: everything where it may relay; strangers only what those behind us honour, as
    /// EHLO comes before any recipient.
    Offered offered(Identity identity) {
        Client client = identity.client();
        boolean mayRelay = identity.relay().isEmpty()
                && (!identity.login().isEmpty() || lists.known().has(client.name(), client.address()));
        return mayRelay ? Offered.EVERYTHING : lists.behind().get();
    }

    /// Whether a client may use XFORWARD.
    boolean mayUseXForward(Identity identity) {
        Client client = identity.client();
        return !identity.relay().isEmpty() || lists.xforward().has(client.name(), client.address());
    }

    /// Whether a peer may hand over under ids.
    ///
    /// @param name its verified name, or `unknown`
    boolean mayHandOver(String name, @Nullable InetAddress peer) {
        return lists.handover().has(name, peer);
    }

    /// Whether a word is one that no mail client says.
    boolean forbids(String word) {
        return lists.forbiddenCommands().test(word);
    }

    /// The extensions that are hidden from clients, by keyword.
    Set<String> discarded() {
        return discarded;
    }

    /// Those hidden from one client.
    ///
    /// @throws Reply.Refused when a table cannot be asked
    Set<String> discarded(Client client) {
        return lists.discarded()
                .apply(client.addressText())
                .map(this::discarding)
                .orElse(discarded);
    }

    /// Whether clients may log in with a mechanism.
    boolean offers(String mechanism, boolean tls) {
        return lists.mechanisms().allows(mechanism, tls);
    }

    /// A value that no other session or message of this process has.
    String newInstance() {
        return Long.toHexString(ProcessHandle.current().pid()) + "."
                + Long.toHexString(services.clock().millis()) + "." + Long.toHexString(instances.incrementAndGet());
    }
}
