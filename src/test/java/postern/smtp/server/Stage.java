package postern.smtp.server;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import postern.config.MainCf;
import postern.dns.FixedResolver;
import postern.log.MailLog;
import postern.lookup.Lookup;
import postern.lookup.MatchList;
import postern.lookup.TableContext;
import postern.lookup.Tables;
import postern.net.Connection;
import postern.net.Endpoint;
import postern.policy.HostList;
import postern.policy.RestrictionLists;
import postern.rewrite.Routes;
import postern.sasl.Logins;
import postern.sasl.ServerMechanisms;
import postern.sasl.Users;
import postern.smtp.Offered;
import postern.transcript.ClientEnd;
import postern.transcript.VirtualTime;
import postern.transcript.Wire;

/// A server with everything round it in memory, and connections to it.
final class Stage {
    final VirtualTime time = new VirtualTime();
    final FixedResolver dns = new FixedResolver();
    final ScriptedPolicy policy = new ScriptedPolicy();
    final ScriptedAnvil anvil = new ScriptedAnvil();
    final MemoryIntake intake = new MemoryIntake();
    final NextHops nextHops;
    final List<String> log = new CopyOnWriteArrayList<>();
    final Map<String, String> settings = new HashMap<>(Map.of(
            "myhostname", "mail.example.com",
            "smtpd_banner", "$myhostname ESMTP $mail_name (Debian/GNU)",
            "smtpd_tls_security_level", "may",
            "mynetworks", "127.0.0.0/8 192.168.2.0/24",
            "mydestination", "",
            "alias_maps", "",
            "local_recipient_maps", "",
            "relay_domains", "example.com",
            "smtpd_relay_restrictions", "permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination"));
    /// What those behind can honour.
    Offered behind = Offered.EVERYTHING;
    /// `stressed`, `no tls`.
    final Set<String> conditions = new TreeSet<>();

    private final Path directory;
    private final Wire wire;
    private final List<String> users = new ArrayList<>();
    private @Nullable SmtpServer server;
    private Duration paused = Duration.ZERO;

    /// @param directory for files
    Stage(Path directory, Function<VirtualTime, Wire> wire) {
        this.directory = directory;
        this.wire = wire.apply(time);
        this.nextHops = new NextHops(directory, settings, log, time);
    }

    void user(String login, String password) {
        users.add(login + "|{PLAIN}" + password);
    }

    /// How long the server has kept clients waiting on purpose.
    Duration paused() {
        return paused;
    }

    /// The server; made when it is first asked for.
    SmtpServer server() throws IOException {
        if (server == null) {
            MainCf conf = MainCf.of(directory, settings);
            MailLog keep = (service, text) -> log.add(service + ": " + text);
            Tables tables = new Tables(new TableContext(conf, keep, Stage::noNetwork, time));
            policy.before(new RestrictionLists(tables, new Routes(conf, tables), dns, null, "smtpd"));
            SmtpServer.Services services = new SmtpServer.Services(
                    policy,
                    anvil,
                    users.isEmpty() ? null : logins(conf, keep),
                    nextHops.isScripted() ? nextHops.intake() : intake,
                    dns,
                    conditions.contains("no tls") ? null : wire.tls(),
                    keep,
                    time,
                    () -> conditions.contains("stressed"),
                    this::pause);
            MatchList forbidden = tables.names(SmtpServer.SMTPD_FORBIDDEN_COMMANDS);
            SmtpServer.Lists lists = new SmtpServer.Lists(
                    new HostList(SmtpServer.SMTPD_AUTHORIZED_XCLIENT_HOSTS, tables),
                    new HostList(SmtpServer.SMTPD_AUTHORIZED_XFORWARD_HOSTS, tables),
                    new HostList(SmtpServer.POSTERN_HANDOVER_CLIENTS, tables),
                    new HostList(SmtpServer.POSTERN_UPSTREAM_PROXY_HOSTS, tables),
                    word -> forbidden.match(word) instanceof Lookup.Found,
                    address -> tables.open(SmtpServer.SMTPD_DISCARD_EHLO_KEYWORD_ADDRESS_MAPS)
                                            .find(address)
                                    instanceof Lookup.Found(String value)
                            ? Optional.of(List.of(value.split(",")))
                            : Optional.empty(),
                    new ServerMechanisms(conf, tables),
                    HostList.mynetworks(tables),
                    () -> behind);
            server = new SmtpServer("smtpd", conf, services, lists);
        }
        return server;
    }

    /// A client connects.
    ClientEnd connect(String address) throws IOException {
        return wire.connect(
                server(),
                Endpoint.of(InetAddress.ofLiteral(address), 40000),
                Endpoint.of(InetAddress.ofLiteral("198.51.100.25"), 25));
    }

    void advance(Duration duration) {
        time.advance(duration);
        wire.tick();
    }

    /// All clients go away.
    void close() {
        wire.close();
    }

    private Logins logins(MainCf conf, MailLog keep) throws IOException {
        Path file = Files.writeString(directory.resolve("users"), String.join("\n", users) + "\n");
        return new Logins(Users.open(file, time, keep), Logins.Guarded.alone(conf, time), Runnable::run);
    }

    private static Connection noNetwork(Endpoint to, @Nullable Endpoint from, Duration timeout) throws IOException {
        throw new IOException("no network here");
    }

    private void pause(Duration duration) {
        paused = paused.plus(duration);
        time.advance(duration);
    }
}
