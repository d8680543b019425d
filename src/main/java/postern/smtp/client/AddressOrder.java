package postern.smtp.client;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import postern.config.MainCf;
import postern.config.Parameter;

/// In which order the addresses of equally good hosts are tried, and how many of them.
final class AddressOrder {
    /// Which family comes first.
    enum Preference {
        /// They take turns, IPv6 first (RFC 8305): a network whose IPv6 is dead costs one attempt, not all.
        ANY,
        IPV4,
        IPV6
    }

    static final Parameter<List<String>> INET_PROTOCOLS =
            Parameter.list("inet_protocols", "all").doc("Internet protocols in use: all, ipv4, ipv6.");
    static final Parameter<Preference> SMTP_ADDRESS_PREFERENCE = Parameter.choice(
                    "smtp_address_preference",
                    "any",
                    Map.of("any", Preference.ANY, "ipv4", Preference.IPV4, "ipv6", Preference.IPV6))
            .doc("Address family to try first; any: by turns, IPv6 first.");
    static final Parameter<Boolean> SMTP_BALANCE_INET_PROTOCOLS = Parameter.bool("smtp_balance_inet_protocols", "yes")
            .doc("Whether smtp_mx_address_limit leaves room for addresses of both families.");
    static final Parameter<Boolean> SMTP_RANDOMIZE_ADDRESSES = Parameter.bool("smtp_randomize_addresses", "yes")
            .doc("Whether hosts of equal preference are tried in random order.");
    static final Parameter<Integer> SMTP_MX_ADDRESS_LIMIT = Parameter.integer("smtp_mx_address_limit", "5")
            .doc("How many addresses are tried for a message at one next hop; 0: all.");

    static final List<Parameter<?>> PARAMETERS = List.of(
            INET_PROTOCOLS,
            SMTP_ADDRESS_PREFERENCE,
            SMTP_BALANCE_INET_PROTOCOLS,
            SMTP_RANDOMIZE_ADDRESSES,
            SMTP_MX_ADDRESS_LIMIT);

    private final boolean ipv4;
    private final boolean ipv6;
    private final Preference preference;
    private final boolean balance;
    private final boolean randomize;
    private final int limit;
    private final RandomGenerator random;

    AddressOrder(MainCf main, RandomGenerator random) {
        List<String> protocols = main.get(INET_PROTOCOLS);
        if (protocols.isEmpty() || !List.of("all", "ipv4", "ipv6").containsAll(protocols)) {
            throw main.error(
                    "inet_protocols", "\"" + String.join(" ", protocols) + "\" is not all, ipv4, ipv6 or both", null);
        }
        ipv4 = protocols.contains("all") || protocols.contains("ipv4");
        ipv6 = protocols.contains("all") || protocols.contains("ipv6");
        preference = main.get(SMTP_ADDRESS_PREFERENCE);
        balance = main.get(SMTP_BALANCE_INET_PROTOCOLS);
        randomize = main.get(SMTP_RANDOMIZE_ADDRESSES);
        limit = main.get(SMTP_MX_ADDRESS_LIMIT);
        this.random = random;
    }

    boolean ipv4() {
        return ipv4;
    }

    boolean ipv6() {
        return ipv6;
    }

    boolean allows(InetAddress address) {
        return address instanceof Inet6Address ? ipv6 : ipv4;
    }

    /// How many addresses are worth looking up; no more than these are kept.
    int limit() {
        return limit <= 0 ? Integer.MAX_VALUE : limit;
    }

    <T> List<T> shuffled(List<T> equals) {
        List<T> order = new ArrayList<>(equals);
        if (randomize && order.size() > 1) {
            // Few generators may be used by several threads at once.
            synchronized (random) {
                Collections.shuffle(order, random);
            }
        }
        return order;
    }

    /// The hosts of one preference in the order in which they are tried.
    List<TargetHost> ofOnePreference(List<TargetHost> hosts) {
        List<TargetHost> order = shuffled(hosts);
        List<TargetHost> six = order.stream().filter(AddressOrder::isIpv6).toList();
        List<TargetHost> four = order.stream().filter(host -> !isIpv6(host)).toList();
        return switch (preference) {
            case IPV6 -> joined(six, four);
            case IPV4 -> joined(four, six);
            case ANY -> turns(six, four);
        };
    }

    /// Cuts the whole list to the limit, so that neither family crowds the other out.
    List<TargetHost> limited(List<TargetHost> hosts) {
        if (hosts.size() <= limit()) {
            return hosts;
        }
        long six = hosts.stream().filter(AddressOrder::isIpv6).count();
        long four = hosts.size() - six;
        if (!balance || six == 0 || four == 0) {
            return List.copyOf(hosts.subList(0, limit));
        }
        boolean sixFirst = isIpv6(hosts.getFirst());
        long half = limit / 2;
        long forSix = six <= half ? six : four <= half ? limit - four : (sixFirst ? limit - half : half);
        long[] left = {limit - forSix, forSix};
        return hosts.stream().filter(host -> left[isIpv6(host) ? 1 : 0]-- > 0).toList();
    }

    private static boolean isIpv6(TargetHost host) {
        return host.endpoint().address() instanceof Inet6Address;
    }

    private static List<TargetHost> joined(List<TargetHost> first, List<TargetHost> second) {
        List<TargetHost> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    private static List<TargetHost> turns(List<TargetHost> first, List<TargetHost> second) {
        List<TargetHost> all = new ArrayList<>(first.size() + second.size());
        for (int i = 0; i < Math.max(first.size(), second.size()); i++) {
            if (i < first.size()) {
                all.add(first.get(i));
            }
            if (i < second.size()) {
                all.add(second.get(i));
            }
        }
        return all;
    }
}
