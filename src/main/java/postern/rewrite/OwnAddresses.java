package postern.rewrite;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import postern.config.MainCf;
import postern.config.Parameter;

/// The addresses at which this host receives mail: `user@[192.0.2.1]` is a local user.
record OwnAddresses(Set<InetAddress> addresses) {
    static final Parameter<List<String>> INET_INTERFACES =
            Parameter.list("inet_interfaces", "all").doc("Addresses this host receives mail on.");

    static final Parameter<List<String>> PROXY_INTERFACES = Parameter.list("proxy_interfaces", "")
            .doc("Further addresses it receives mail on, by way of a proxy or NAT.");

    static final List<Parameter<?>> PARAMETERS = List.of(INET_INTERFACES, PROXY_INTERFACES);

    static OwnAddresses of(MainCf conf) {
        Set<InetAddress> found = new HashSet<>();
        for (String name : conf.get(INET_INTERFACES)) {
            switch (name) {
                case "all" -> addInterfaces(found, false);
                case "loopback-only" -> addInterfaces(found, true);
                default -> addNamed(found, name);
            }
        }
        conf.get(PROXY_INTERFACES).forEach(name -> addNamed(found, name));
        return new OwnAddresses(Set.copyOf(found));
    }

    /// @param literal `[192.0.2.1]` or `[ipv6:2001:db8::1]`
    boolean has(String literal) {
        if (!DomainSyntax.isValid(literal)) {
            return false;
        }
        int start = literal.regionMatches(true, 1, "ipv6:", 0, 5) ? 6 : 1;
        return addresses.contains(InetAddress.ofLiteral(literal.substring(start, literal.length() - 1)));
    }

    private static void addInterfaces(Set<InetAddress> found, boolean loopbackOnly) {
        try {
            for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                if (!loopbackOnly || each.isLoopback()) {
                    for (InetAddress address : Collections.list(each.getInetAddresses())) {
                        found.add(withoutScope(address));
                    }
                }
            }
        } catch (SocketException e) {
            // Without interfaces there are no addresses: none is ours.
        }
    }

    /// An IPv6 address of an interface knows which one, and is equal to no other for that.
    private static InetAddress withoutScope(InetAddress address) {
        try {
            return InetAddress.getByAddress(address.getAddress());
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void addNamed(Set<InetAddress> found, String name) {
        String bare = name.startsWith("[") && name.endsWith("]") ? name.substring(1, name.length() - 1) : name;
        try {
            found.addAll(List.of(InetAddress.getAllByName(bare)));
        } catch (UnknownHostException e) {
            // The listener says so when it cannot bind; here it means one address less that is ours.
        }
    }
}
