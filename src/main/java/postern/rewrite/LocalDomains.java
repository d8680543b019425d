package postern.rewrite;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import postern.address.Domain;
import postern.config.MainCf;
import postern.config.Parameter;
import postern.lookup.Lookup;
import postern.lookup.MatchList;
import postern.lookup.Tables;

/// Which domains are this host: those of `mydestination`, and its own addresses as `[192.0.2.1]`.
public final class LocalDomains {
    static final Parameter<List<String>> MYDESTINATION = Parameter.list(
                    "mydestination", "$myhostname, localhost.$mydomain, localhost")
            .doc("domains delivered by $local_transport");

    static final Parameter<String> MYORIGIN =
            Parameter.text("myorigin", "$myhostname").doc("domain of addresses that come without one");

    static final Parameter<List<String>> INET_INTERFACES =
            Parameter.list("inet_interfaces", "all").doc("addresses this host receives mail on");

    static final Parameter<List<String>> PROXY_INTERFACES = Parameter.list("proxy_interfaces", "")
            .doc("further addresses it receives mail on, by way of a proxy or NAT");

    public static final List<Parameter<?>> PARAMETERS =
            List.of(MYDESTINATION, MYORIGIN, INET_INTERFACES, PROXY_INTERFACES);

    private final MatchList mydestination;
    private final String myorigin;
    private final Set<String> addresses;

    public LocalDomains(MainCf conf, Tables tables) {
        mydestination = tables.names(MYDESTINATION);
        myorigin = conf.get(MYORIGIN).toLowerCase(Locale.ROOT);
        addresses = addresses(conf);
    }

    /// Whether mail for this domain is delivered by `local_transport`: Found, NotFound or TempFail.
    public Lookup isLocal(Domain domain) {
        String name = domain.key();
        if (name.endsWith(".")) {
            name = name.substring(0, name.length() - 1);
        }
        Lookup listed = mydestination.match(name);
        if (!(listed instanceof Lookup.NotFound) || !name.startsWith("[") || !name.endsWith("]")) {
            return listed;
        }
        String inside = name.substring(1, name.length() - 1);
        String address = inside.startsWith("ipv6:") ? inside.substring(5) : inside;
        try {
            return addresses.contains(InetAddress.ofLiteral(address).getHostAddress())
                    ? new Lookup.Found(address)
                    : Lookup.NOT_FOUND;
        } catch (IllegalArgumentException e) {
            return Lookup.NOT_FOUND;
        }
    }

    /// Whether an address in this domain may also be listed in tables by its local part alone: the domain is
    /// `$myorigin` or local.
    public Lookup isLocalOrOrigin(Domain domain) {
        return domain.key().equals(myorigin) ? new Lookup.Found(myorigin) : isLocal(domain);
    }

    private static Set<String> addresses(MainCf conf) {
        Set<String> found = new java.util.HashSet<>();
        List<String> interfaces = conf.get(INET_INTERFACES);
        for (String name : interfaces) {
            switch (name) {
                case "all" -> found.addAll(ofAllInterfaces());
                case "loopback-only", "localhost" -> found.addAll(Set.of("127.0.0.1", "0:0:0:0:0:0:0:1"));
                default -> add(found, name);
            }
        }
        conf.get(PROXY_INTERFACES).forEach(name -> add(found, name));
        return Set.copyOf(found);
    }

    private static void add(Set<String> found, String name) {
        try {
            found.add(InetAddress.ofLiteral(name).getHostAddress());
        } catch (IllegalArgumentException e) {
            // A host name: its addresses would need DNS; mail is hardly ever addressed to them.
        }
    }

    private static Set<String> ofAllInterfaces() {
        try {
            return Collections.list(NetworkInterface.getNetworkInterfaces()).stream()
                    .flatMap(NetworkInterface::inetAddresses)
                    .map(address -> address.getHostAddress().replaceFirst("%.*", ""))
                    .collect(Collectors.toSet());
        } catch (SocketException e) {
            return Set.of();
        }
    }
}
