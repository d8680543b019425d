package postern.smtp.client;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import postern.config.MainCf;
import postern.config.Parameter;
import postern.dns.Resolver;
import postern.dns.Resolver.Answer;
import postern.dns.Resolver.Mx;
import postern.dns.TimedResolver;
import postern.net.Endpoint;

/// Finds the hosts behind a next hop (RFC 5321 §5): MX records by preference, the domain's own addresses when
/// there are none, nothing at all for a Null MX (RFC 7505), and never this host itself.
///
/// Addresses are looked up as far as they are wanted: a domain with thousands of exchangers costs a bounded
/// number of questions.
public final class TargetHosts {
    static final Parameter<Boolean> DISABLE_DNS_LOOKUPS = Parameter.bool("disable_dns_lookups", "no")
            .doc("Whether next hops are found by the system's own name service only, without MX.");
    static final Parameter<String> SMTP_DNS_SUPPORT_LEVEL = Parameter.choice(
                    "smtp_dns_support_level",
                    "",
                    Map.of("", "", "enabled", "enabled", "disabled", "disabled", "dnssec", "dnssec"))
            .doc("enabled or disabled, in place of disable_dns_lookups; dnssec refuses start, as signatures are not"
                    + " looked at.");
    static final Parameter<List<String>> SMTP_HOST_LOOKUP = Parameter.list("smtp_host_lookup", "dns")
            .doc("How addresses of hosts are found: dns, native (the system's own, with /etc/hosts).");
    static final Parameter<Boolean> IGNORE_MX_LOOKUP_ERROR = Parameter.bool("ignore_mx_lookup_error", "no")
            .doc("Whether a failed MX look-up is taken for the absence of MX records.");
    static final Parameter<Boolean> SMTP_DEFER_IF_NO_MX_ADDRESS_FOUND = Parameter.bool(
                    "smtp_defer_if_no_mx_address_found", "no")
            .doc("Whether mail waits, instead of going back, when no MX host has an address.");

    static final List<Parameter<?>> PARAMETERS = List.of(
            DISABLE_DNS_LOOKUPS,
            SMTP_DNS_SUPPORT_LEVEL,
            SMTP_HOST_LOOKUP,
            IGNORE_MX_LOOKUP_ERROR,
            SMTP_DEFER_IF_NO_MX_ADDRESS_FOUND);

    private static final Parameter<String> QUEUE_DIRECTORY = Parameter.text("queue_directory", "/var/spool/postfix");

    /// @param hosts in the order in which they are tried; never empty
    /// @param weAreBackup whether this host is an exchanger too, a worse one than these: mail may wait for
    ///     them, but goes nowhere else
    public record Found(List<TargetHost> hosts, boolean weAreBackup) {}

    private static final int HOSTS_AT_MOST = 20;
    private static final int ADDRESSES_AT_MOST = 100;
    private static final int SMTP_PORT = 25;

    private final Resolver resolver;
    private final Predicate<InetAddress> ours;
    private final AddressOrder order;
    private final String myHostname;
    private final Path queueDirectory;
    private final boolean useDns;
    private final boolean useNative;
    private final boolean ignoreMxErrors;
    private final boolean deferWithoutAddress;

    /// @param ours whether an address is one that this host, or its proxy, receives mail on
    public TargetHosts(MainCf main, Resolver resolver, Predicate<InetAddress> ours, RandomGenerator random) {
        this.resolver = resolver;
        this.ours = ours;
        order = new AddressOrder(main, random);
        myHostname = main.get(MainCf.MYHOSTNAME);
        queueDirectory = Path.of(main.get(QUEUE_DIRECTORY));
        boolean disabled = isDnsDisabled(main);
        useDns = !disabled && main.get(SMTP_HOST_LOOKUP).contains("dns");
        useNative = disabled || main.get(SMTP_HOST_LOOKUP).contains("native");
        ignoreMxErrors = main.get(IGNORE_MX_LOOKUP_ERROR);
        deferWithoutAddress = main.get(SMTP_DEFER_IF_NO_MX_ADDRESS_FOUND);
    }

    private static boolean isDnsDisabled(MainCf main) {
        return switch (main.get(SMTP_DNS_SUPPORT_LEVEL)) {
            case "" -> main.get(DISABLE_DNS_LOOKUPS);
            case "enabled" -> false;
            case "disabled" -> true;
            default ->
                throw main.error(SMTP_DNS_SUPPORT_LEVEL.name(), "DNSSEC is not looked at; \"enabled\" is right", null);
        };
    }

    /// The hosts behind a next hop.
    ///
    /// @throws SmtpFailure when there are none, or DNS could not be asked
    public Found of(NextHop hop) throws SmtpFailure {
        return of(hop, resolver);
    }

    /// The same, in the time there is.
    Found of(NextHop hop, Budget budget) throws SmtpFailure {
        return of(hop, budget.isLimited() ? new TimedResolver(resolver, budget::left) : resolver);
    }

    private Found of(NextHop hop, Resolver dns) throws SmtpFailure {
        return switch (hop.kind()) {
            case UNIX -> ofSocket(queueDirectory.resolve(hop.host()).toString());
            case HOST -> ofHost(new Search(hop, dns));
            case DOMAIN -> useDns ? ofDomain(new Search(hop, dns)) : ofHost(new Search(hop, dns));
        };
    }

    private Found ofSocket(String path) {
        return new Found(List.of(new TargetHost(myHostname, Endpoint.unix(path), 0)), false);
    }

    private Found ofDomain(Search search) throws SmtpFailure {
        NextHop hop = search.hop;
        return switch (search.dns.mx(hop.host())) {
            case Answer.Found<Mx>(List<Mx> records) -> ofExchangers(search, records);
            case Answer.NoData<Mx>() -> ofHost(search);
            case Answer.NoName<Mx>() -> throw notFound(hop.host(), "MX", "Host not found");
            case Answer.TempFail<Mx>(String reason) -> {
                if (ignoreMxErrors) {
                    yield ofHost(search);
                }
                throw tryAgain(hop.host(), "MX");
            }
        };
    }

    private Found ofExchangers(Search search, List<Mx> records) throws SmtpFailure {
        NextHop hop = search.hop;
        List<Mx> exchangers = records.stream()
                .filter(mx -> !mx.host().isEmpty())
                .sorted(Comparator.comparingInt(Mx::preference))
                .toList();
        if (exchangers.isEmpty()) {
            throw SmtpFailure.local(5, 1, 10, "Domain " + hop.host() + " does not accept mail (nullMX)");
        }
        List<TargetHost> hosts = new ArrayList<>();
        for (int from = 0; from < exchangers.size() && !search.isOver(hosts); ) {
            int preference = exchangers.get(from).preference();
            int to = from;
            while (to < exchangers.size() && exchangers.get(to).preference() == preference) {
                to++;
            }
            hosts.addAll(search.addresses(exchangers.subList(from, to), preference));
            from = to;
        }
        if (!hosts.isEmpty()) {
            return new Found(order.limited(hosts), search.self >= 0);
        }
        if (search.self < 0) {
            throw search.failure(deferWithoutAddress);
        }
        throw search.self == exchangers.getFirst().preference()
                ? loop(hop)
                : SmtpFailure.local(4, 4, 4, "unable to find primary relay for " + hop.host());
    }

    private Found ofHost(Search search) throws SmtpFailure {
        NextHop hop = search.hop;
        List<TargetHost> hosts = search.addresses(hop.host(), 0);
        if (search.self >= 0) {
            throw loop(hop);
        }
        if (hosts.isEmpty()) {
            throw search.failure(false);
        }
        return new Found(order.limited(order.ofOnePreference(hosts)), false);
    }

    private static SmtpFailure loop(NextHop hop) {
        return SmtpFailure.local(5, 4, 6, "mail for " + hop.host() + " loops back to myself");
    }

    private static SmtpFailure notFound(String name, String type, String why) {
        return SmtpFailure.local(
                5,
                4,
                4,
                "Host or domain name not found. Name service error for name=" + name + " type=" + type + ": " + why);
    }

    private static SmtpFailure tryAgain(String name, String type) {
        return SmtpFailure.local(
                4,
                4,
                3,
                "Host or domain name not found. Name service error for name=" + name + " type=" + type
                        + ": Host not found, try again");
    }

    /// The look-up of addresses for one next hop: what it has found wrong, and whether it has met this host.
    private final class Search {
        private final NextHop hop;
        private final Resolver dns;
        private final boolean detectsLoops;
        private @Nullable SmtpFailure hard;
        private @Nullable SmtpFailure soft;
        private int self = -1;
        private int hosts;

        Search(NextHop hop, Resolver dns) {
            this.hop = hop;
            this.dns = dns;
            detectsLoops = hop.port() == SMTP_PORT;
        }

        boolean isOver(List<TargetHost> found) {
            return self >= 0 || found.size() >= order.limit() || hosts >= HOSTS_AT_MOST;
        }

        /// The addresses of hosts of one preference; none when this host is among them.
        List<TargetHost> addresses(List<Mx> group, int preference) {
            if (detectsLoops && group.stream().anyMatch(mx -> mx.host().equalsIgnoreCase(myHostname))) {
                self = preference;
                return List.of();
            }
            List<TargetHost> found = new ArrayList<>();
            for (Mx mx : order.shuffled(group)) {
                if (!isOver(found)) {
                    found.addAll(addresses(mx.host(), preference));
                }
            }
            return self < 0 ? order.ofOnePreference(found) : List.of();
        }

        List<TargetHost> addresses(String name, int preference) {
            hosts++;
            List<TargetHost> found = new ArrayList<>();
            for (InetAddress address : lookUp(name)) {
                if (detectsLoops && ours.test(address)) {
                    self = preference;
                } else if (found.size() < ADDRESSES_AT_MOST) {
                    found.add(new TargetHost(name, Endpoint.of(address, hop.port()), preference));
                }
            }
            return found;
        }

        private List<InetAddress> lookUp(String name) {
            InetAddress literal = literal(name);
            if (literal != null) {
                if (!order.allows(literal)) {
                    soft = SmtpFailure.local(4, 4, 4, "the network protocol of " + name + " is disabled");
                }
                return order.allows(literal) ? List.of(literal) : List.of();
            }
            List<InetAddress> found = new ArrayList<>();
            if (useDns && order.ipv6()) {
                found.addAll(records(dns.aaaa(name), name, "AAAA"));
            }
            if (useDns && order.ipv4()) {
                found.addAll(records(dns.a(name), name, "A"));
            }
            return found.isEmpty() && useNative ? ofSystem(name) : found;
        }

        private List<InetAddress> records(Answer<InetAddress> answer, String name, String type) {
            switch (answer) {
                case Answer.Found<InetAddress> found -> {}
                case Answer.NoName<InetAddress>() -> hard = notFound(name, type, "Host not found");
                case Answer.NoData<InetAddress>() ->
                    hard = notFound(name, type, "Host found but no data record of requested type");
                case Answer.TempFail<InetAddress>(String reason) -> soft = tryAgain(name, type);
            }
            return answer.records();
        }

        private List<InetAddress> ofSystem(String name) {
            try {
                return List.of(InetAddress.getAllByName(name)).stream()
                        .filter(order::allows)
                        .toList();
            } catch (UnknownHostException e) {
                hard = SmtpFailure.local(5, 4, 4, "unable to look up host " + name + ": Name or service not known");
                return List.of();
            }
        }

        /// Why there is no address; that DNS could not be asked outweighs that something is not there.
        SmtpFailure failure(boolean defer) {
            SmtpFailure failure = soft != null ? soft : hard;
            if (failure == null) {
                return SmtpFailure.local(4, 4, 4, "all network protocols are disabled");
            }
            return defer ? failure.softened() : failure;
        }
    }

    /// The address that a text is, without brackets; null when it is none.
    static @Nullable InetAddress literal(String name) {
        if (name.isEmpty() || (name.indexOf(':') < 0 && !Character.isDigit(name.charAt(name.length() - 1)))) {
            return null;
        }
        try {
            return InetAddress.ofLiteral(name);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
