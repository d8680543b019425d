package postern.policy;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import postern.config.Parameter;
import postern.lookup.Tables;
import postern.net.Endpoint;
import postern.smtp.Reply;

/// Counts per client and service. A client is an address, or the network that
/// `smtpd_client_ipv4_prefix_length` and `smtpd_client_ipv6_prefix_length` make of it.
///
/// State: one entry per connected client, and of those that are no longer connected at most [#ENTRIES], the
/// ones gone longest forgotten first: a flood from ever new addresses holds no memory.
public final class RateAnvil implements Anvil {
    static final Parameter<List<String>> EVENT_LIMIT_EXCEPTIONS = Parameter.list(
                    "smtpd_client_event_limit_exceptions", "${smtpd_client_connection_limit_exceptions:$mynetworks}")
            .doc("clients that no limit holds for: networks and tables of addresses");
    static final Parameter<Integer> IPV4_PREFIX_LENGTH = Parameter.integer("smtpd_client_ipv4_prefix_length", "32")
            .doc("how many bits of an IPv4 address make one client");
    static final Parameter<Integer> IPV6_PREFIX_LENGTH = Parameter.integer("smtpd_client_ipv6_prefix_length", "128")
            .doc("how many bits of an IPv6 address make one client");

    public static final List<Parameter<?>> PARAMETERS = Stream.of(
                    List.of(EVENT_LIMIT_EXCEPTIONS, IPV4_PREFIX_LENGTH, IPV6_PREFIX_LENGTH), RateLimits.PARAMETERS)
            .<Parameter<?>>flatMap(List::stream)
            .toList();

    static final int ENTRIES = 20_000;

    private final Tables tables;
    private final InstantSource clock;
    private final String service;
    private final RateLimits limits;
    private final HostList exceptions;
    private final long timeUnit;
    private final Map<InetAddress, Client> connected = new HashMap<>();
    private final Map<InetAddress, Client> resting = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<InetAddress, Client> eldest) {
            return size() > ENTRIES;
        }
    };

    /// What one client did since `since`.
    private static final class Client {
        final int[] events = new int[Event.values().length];
        long since;
        int connections;

        Client(long since) {
            this.since = since;
        }
    }

    private enum Event {
        CONNECTION("Connection rate"),
        MESSAGE("Message delivery request rate"),
        RECIPIENT("Recipient address rate"),
        TLS("New TLS session rate"),
        AUTH("AUTH command rate");

        final String label;

        Event(String label) {
            this.label = label;
        }
    }

    /// @param tables with the configuration of the service
    /// @param service in log lines: `smtp`, `submission`
    public RateAnvil(Tables tables, InstantSource clock, String service) {
        this.tables = tables;
        this.clock = clock;
        this.service = service;
        this.limits = RateLimits.of(tables.context().conf());
        this.exceptions = new HostList(EVENT_LIMIT_EXCEPTIONS, tables);
        this.timeUnit = tables.context().conf().get(RateLimits.TIME_UNIT).toMillis();
        if (exceptions.hasNames()) {
            tables.context().log().warning("smtpd", EVENT_LIMIT_EXCEPTIONS + ": host names are not looked at here");
        }
    }

    @Override
    public @Nullable Reply connect(InetAddress address) {
        int open = open(address);
        Reply tooOften = limited(Event.CONNECTION, limits.connections(), address, hello());
        return limits.connectionCount() > 0 && open > limits.connectionCount() && !isExcepted(address)
                ? refuse("Connection concurrency", open, address, hello())
                : tooOften;
    }

    private String hello() {
        return "421 4.7.0 " + tables.context().conf().expand("$myhostname") + " Error: too many connections from ";
    }

    @Override
    public synchronized void disconnect(InetAddress address) {
        InetAddress key = key(address);
        Client client = connected.get(key);
        if (client != null && --client.connections == 0) {
            connected.remove(key);
            resting.put(key, client);
        }
    }

    @Override
    public @Nullable Reply mail(InetAddress address) {
        return limited(Event.MESSAGE, limits.messages(), address, "450 4.7.1 Error: too much mail from ");
    }

    @Override
    public @Nullable Reply rcpt(InetAddress address) {
        return limited(Event.RECIPIENT, limits.recipients(), address, "450 4.7.1 Error: too many recipients from ");
    }

    @Override
    public @Nullable Reply newTls(InetAddress address) {
        return limited(Event.TLS, limits.tlsSessions(), address, "454 4.7.0 Error: too many new TLS sessions from ");
    }

    @Override
    public @Nullable Reply auth(InetAddress address) {
        return limited(Event.AUTH, limits.logins(), address, "450 4.7.1 Error: too many AUTH commands from ");
    }

    private @Nullable Reply limited(Event event, int limit, InetAddress address, String literal) {
        if (limit == 0 || isExcepted(address)) {
            return null;
        }
        int count = count(event, address);
        return count > limit ? refuse(event.label, count, address, literal) : null;
    }

    private Reply refuse(String what, int count, InetAddress address, String literal) {
        String text = Endpoint.of(address, 0).text();
        tables.context()
                .log()
                .warning(
                        "smtpd",
                        what + " limit exceeded: " + count + " from unknown[" + text + "] for service " + service);
        return Reply.of(literal + text);
    }

    private boolean isExcepted(InetAddress address) {
        return exceptions.has("unknown", address);
    }

    private synchronized int open(InetAddress address) {
        InetAddress key = key(address);
        Client client = connected.get(key);
        if (client == null) {
            Client known = resting.remove(key);
            client = known == null ? new Client(clock.millis()) : known;
            connected.put(key, client);
        }
        return ++client.connections;
    }

    private synchronized int count(Event event, InetAddress address) {
        InetAddress key = key(address);
        Client known = connected.get(key);
        Client client = known == null ? resting.computeIfAbsent(key, _ -> new Client(clock.millis())) : known;
        if (clock.millis() - client.since >= timeUnit) {
            client.since = clock.millis();
            Arrays.fill(client.events, 0);
        }
        return ++client.events[event.ordinal()];
    }

    synchronized int entries() {
        return connected.size() + resting.size();
    }

    private InetAddress key(InetAddress address) {
        byte[] bytes = address.getAddress();
        int length =
                tables.context().conf().get(address instanceof Inet4Address ? IPV4_PREFIX_LENGTH : IPV6_PREFIX_LENGTH);
        if (length >= 8 * bytes.length) {
            return address;
        }
        for (int i = 0; i < bytes.length; i++) {
            int bits = Math.clamp(length - 8 * i, 0, 8);
            bytes[i] &= (byte) (0xff << (8 - bits));
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of its own length", e);
        }
    }
}
