package postern.smtp.client;

import java.io.IOException;
import java.net.BindException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.config.MainCf;
import postern.config.Parameter;
import postern.net.Connection;
import postern.net.Endpoint;
import postern.smtp.Fates;
import postern.smtp.HandoverId;
import postern.smtp.Peer;
import postern.tlspolicy.PolicyProblem;
import postern.tlspolicy.TlsLevel;
import postern.tlspolicy.TlsPolicy;

/// Opens dialogs with the servers of a next hop. One for each transport of master.cf and each configuration;
/// safe for use from many threads.
public final class SmtpClient implements AutoCloseable {
    static final Parameter<String> SMTP_TCP_PORT =
            Parameter.text("smtp_tcp_port", "smtp").doc("The port, when a next hop does not name one.");
    static final Parameter<String> SMTP_FALLBACK_RELAY = Parameter.text("smtp_fallback_relay", "$fallback_relay")
            .doc("Next hops to try when the destination cannot be found or reached.");
    static final Parameter<String> FALLBACK_RELAY =
            Parameter.text("fallback_relay", "").doc("Old name of smtp_fallback_relay.");
    static final Parameter<Integer> SMTP_MX_SESSION_LIMIT = Parameter.integer("smtp_mx_session_limit", "2")
            .doc("How many servers of a next hop are given a message, one after the other; 0: no limit.");
    static final Parameter<String> SMTP_BIND_ADDRESS =
            Parameter.text("smtp_bind_address", "").doc("The IPv4 address to connect from.");
    static final Parameter<String> SMTP_BIND_ADDRESS6 =
            Parameter.text("smtp_bind_address6", "").doc("The IPv6 address to connect from.");
    static final Parameter<Boolean> SMTP_BIND_ADDRESS_ENFORCE = Parameter.bool("smtp_bind_address_enforce", "no")
            .doc("Whether mail waits when the address to connect from cannot be used.");

    private static final Parameter<List<String>> INET_INTERFACES = Parameter.list("inet_interfaces", "all");
    private static final Parameter<String> RELAYHOST = Parameter.text("relayhost", "");

    /// Those of the whole package.
    public static final List<Parameter<?>> PARAMETERS = Stream.of(
                    List.<Parameter<?>>of(
                            SMTP_TCP_PORT,
                            SMTP_FALLBACK_RELAY,
                            FALLBACK_RELAY,
                            SMTP_MX_SESSION_LIMIT,
                            SMTP_BIND_ADDRESS,
                            SMTP_BIND_ADDRESS6,
                            SMTP_BIND_ADDRESS_ENFORCE),
                    Timeouts.PARAMETERS,
                    AddressOrder.PARAMETERS,
                    TargetHosts.PARAMETERS,
                    Handshake.PARAMETERS,
                    Introduction.PARAMETERS,
                    DialogSettings.PARAMETERS,
                    DialogCache.PARAMETERS)
            .flatMap(List::stream)
            .toList();

    private static final int SUBMISSIONS = 465;
    /// Beyond that no list of addresses is taken for all there are.
    private static final int ADDRESSES_AT_MOST = 20;

    private final MainCf main;
    private final Protocol protocol;
    private final TargetHosts hosts;
    private final ClientSecurity security;
    private final Surroundings outside;
    private final Timeouts timeouts;
    private final DialogSettings settings;
    private final Handshake handshake;
    private final DialogCache cache;

    /// @param main for LMTP: [LmtpParameters#view]
    public SmtpClient(
            MainCf main, Protocol protocol, TargetHosts hosts, ClientSecurity security, Surroundings outside) {
        this.main = main;
        this.protocol = protocol;
        this.hosts = hosts;
        this.security = security;
        this.outside = outside;
        timeouts = new Timeouts(main);
        settings = new DialogSettings(main, protocol);
        handshake = new Handshake(main, protocol, security, outside);
        cache = new DialogCache(main, outside.clock());
        for (Parameter<String> parameter : List.of(SMTP_BIND_ADDRESS, SMTP_BIND_ADDRESS6)) {
            bindAddress(parameter);
        }
    }

    /// The longest line that it sends; longer ones it breaks. 0 when it sends lines of any length.
    public int lineLimit() {
        return settings.lineLimit();
    }

    /// Opens a dialog with the best server of a next hop that is ready for mail. The caller ends it with
    /// [SmtpDialog#quit] or [SmtpDialog#cut].
    ///
    /// @throws SmtpFailure that of the last server tried
    public SmtpDialog open(String nextHop) throws SmtpFailure {
        try (Attempts attempts = attempts(nextHop, null, "NOQUEUE")) {
            SmtpDialog dialog = attempts.fresh();
            if (dialog == null) {
                throw attempts.failure();
            }
            return dialog;
        }
    }

    /// Begins to hand one message over: the dialogs come one by one, as long as they are asked for.
    ///
    /// @param nextHop as routes give it
    /// @param sender the reverse path's address, null for the null path
    /// @param id the queue id, for the log
    public Attempts attempts(String nextHop, @Nullable Address sender, String id) {
        return attempts(nextHop, sender, id, null);
    }

    /// The same, for mail that a next hop of ours is to judge by who handed it in here: it is told by a PROXY
    /// header (`postern_relay_proxy`), else by XCLIENT, else by XFORWARD, as far as it takes them.
    ///
    /// @param client null for mail of our own
    public Attempts attempts(String nextHop, @Nullable Address sender, String id, @Nullable Peer client) {
        return new Attempts(this, errand(nextHop, sender, id, client));
    }

    private Attempts.Errand errand(String nextHop, @Nullable Address sender, String id, @Nullable Peer client) {
        Address loginFor = security.passwords().dependOnSender() ? sender : null;
        boolean proxied = proxied().stream().anyMatch(nextHop::equalsIgnoreCase);
        return new Attempts.Errand(nextHop, loginFor, id, client, proxied, new Budget());
    }

    /// The next hops that await a PROXY header (`postern_relay_proxy`).
    public List<String> proxied() {
        return main.get(Introduction.POSTERN_RELAY_PROXY);
    }

    /// Asks the servers of a next hop what became of a hand-over (XFATE). Nobody is introduced to them.
    ///
    /// @param sender,id as with [#attempts]
    /// @param question the hand-over
    /// @param time for all of them
    public Fates.Fate fate(String nextHop, @Nullable Address sender, String id, Question question, Duration time) {
        Attempts.Errand errand = errand(nextHop, sender, id, null);
        errand.budget().in(time);
        return new FateInquiry(this, errand).of(question.id(), question.had());
    }

    /// What became of a hand-over.
    ///
    /// @param had whether this is the server that was given the message
    public record Question(HandoverId id, Predicate<TargetHost> had) {}

    public boolean isLmtp() {
        return protocol == Protocol.LMTP;
    }

    /// Says goodbye to the dialogs that rest.
    @Override
    public void close() {
        cache.close();
    }

    DialogCache cache() {
        return cache;
    }

    Surroundings outside() {
        return outside;
    }

    int sessionLimit() {
        int limit = main.get(SMTP_MX_SESSION_LIMIT);
        return limit <= 0 ? Integer.MAX_VALUE : limit;
    }

    /// So many addresses of a next hop are found at most.
    int addressLimit() {
        int limit = main.get(AddressOrder.SMTP_MX_ADDRESS_LIMIT);
        return limit <= 0 ? ADDRESSES_AT_MOST : Math.min(limit, ADDRESSES_AT_MOST);
    }

    List<NextHop> parse(String nextHop) throws SmtpFailure {
        try {
            return NextHop.parse(nextHop, protocol, NextHop.defaultPort(main.get(SMTP_TCP_PORT), protocol));
        } catch (IllegalArgumentException e) {
            outside.warning(e.getMessage() == null ? nextHop : e.getMessage());
            throw SmtpFailure.local(4, 3, 5, "Server configuration error");
        }
    }

    List<NextHop> fallback() throws SmtpFailure {
        String relay = main.get(SMTP_FALLBACK_RELAY);
        return relay.isBlank() ? List.of() : parse(relay);
    }

    boolean isRelayhost(String nextHop) {
        return protocol == Protocol.SMTP && nextHop.equals(main.get(RELAYHOST));
    }

    TargetHosts.Found hosts(NextHop hop, Budget budget) throws SmtpFailure {
        return hosts.of(hop, budget);
    }

    TlsPolicy policy(NextHop hop) throws SmtpFailure {
        TlsPolicy policy;
        try {
            policy = security.policies().of(hop.text());
        } catch (PolicyProblem e) {
            outside.warning("TLS policy lookup error for " + hop.text() + ": " + e.reason());
            throw SmtpFailure.local(4, 7, 5, "client TLS configuration problem");
        }
        if (handshake.wrapped() && !policy.level().isMandatory()) {
            outside.warning("smtp_tls_wrappermode requires \"smtp_tls_security_level = encrypt\" (or stronger)");
            throw SmtpFailure.local(4, 7, 0, "client TLS configuration problem");
        }
        if (hop.port() == SUBMISSIONS && !handshake.wrapped()) {
            outside.info(
                    "SMTPS wrappermode (TCP port 465) requires setting \"smtp_tls_wrappermode = yes\", and \"smtp_tls_security_level = encrypt\" (or stronger)");
        }
        return hop.kind() == NextHop.Kind.UNIX && policy.level() == TlsLevel.MAY ? policy.at(TlsLevel.NONE) : policy;
    }

    /// Connects and gets ready. At level `may` a server whose handshake fails is tried once more in clear,
    /// unless it would get a password.
    SmtpDialog connect(Call call) throws SmtpFailure {
        try {
            return connectOnce(call);
        } catch (SmtpFailure failure) {
            if (!failure.isTls() || call.policy().level() != TlsLevel.MAY || handshake.hasLogin(call)) {
                throw failure;
            }
            outside.info(failure.text() + ": " + call.host().labelWithPort() + " is tried again in clear");
            return connectOnce(call.with(call.policy().at(TlsLevel.NONE)));
        }
    }

    private SmtpDialog connectOnce(Call call) throws SmtpFailure {
        Chat chat = new Chat(dial(call), call.host(), timeouts);
        chat.within(call.budget());
        try {
            Handshake.Ready ready = handshake.perform(chat, call);
            chat.rest();
            boolean hasClient = call.errand().client() != null;
            if (hasClient) {
                outside.heard().say(call.errand().nextHop(), ready.features());
            }
            DialogSettings held = settings.of(hasClient, ready.forOneClient());
            return new SmtpDialog(
                    chat, ready.features(), held, new Usage(outside.clock().instant()));
        } catch (SmtpFailure failure) {
            leave(chat);
            throw failure;
        }
    }

    /// Politely, when the server still listens.
    private static void leave(Chat chat) {
        try {
            if (chat.isUsable()) {
                chat.put("QUIT").end();
                chat.flush(Phase.QUIT);
            }
        } catch (SmtpFailure e) {
            // it is gone already
        } finally {
            chat.cut();
        }
    }

    private Connection dial(Call call) throws SmtpFailure {
        TargetHost host = call.host();
        Endpoint to = host.endpoint();
        InetAddress from = to.address() == null ? null : from(to.address());
        try {
            return dial(to, from, call.budget().of(timeouts.connect()));
        } catch (IOException e) {
            String reason = e.getMessage() == null ? "Connection failed" : e.getMessage();
            throw SmtpFailure.local(4, 4, 1, "connect to " + host.labelWithPort() + ": " + reason);
        }
    }

    private Connection dial(Endpoint to, @Nullable InetAddress from, Duration limit) throws IOException {
        if (from == null) {
            return outside.dialer().dial(to, null, limit);
        }
        try {
            return outside.dialer().dial(to, Endpoint.of(from, 0), limit);
        } catch (BindException e) {
            outside.warning("bind " + from.getHostAddress() + ": " + e.getMessage());
            if (main.get(SMTP_BIND_ADDRESS_ENFORCE)) {
                throw e;
            }
            return outside.dialer().dial(to, null, limit);
        }
    }

    /// The address to connect from; when this host receives mail on one address of a family only, that one.
    private @Nullable InetAddress from(InetAddress to) {
        boolean six = to instanceof Inet6Address;
        InetAddress given = bindAddress(six ? SMTP_BIND_ADDRESS6 : SMTP_BIND_ADDRESS);
        if (given != null) {
            return given;
        }
        List<InetAddress> own = main.get(INET_INTERFACES).stream()
                .map(TargetHosts::literal)
                .filter(Objects::nonNull)
                .filter(address -> address instanceof Inet6Address == six)
                .toList();
        return own.size() == 1 && !own.getFirst().isLoopbackAddress() ? own.getFirst() : null;
    }

    private @Nullable InetAddress bindAddress(Parameter<String> parameter) {
        String text = main.get(parameter);
        try {
            return text.isEmpty() ? null : InetAddress.ofLiteral(text.replaceAll("^\\[|\\]$", ""));
        } catch (IllegalArgumentException e) {
            throw main.error(parameter.name(), "\"" + text + "\" is not an address such as 192.0.2.1", e);
        }
    }
}
