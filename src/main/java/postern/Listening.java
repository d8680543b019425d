package postern;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import postern.config.ConfigException;
import postern.config.MainCf;
import postern.config.MasterService;
import postern.config.Parameter;

/// Where a listener of master.cf listens: the host of its line, or `inet_interfaces`.
final class Listening {
    static final Parameter<List<String>> INET_INTERFACES = Parameter.list("inet_interfaces", "all")
            .doc("Addresses this host receives mail on: all, loopback-only, or names and addresses.");
    static final Parameter<List<String>> INET_PROTOCOLS =
            Parameter.list("inet_protocols", "all").doc("Internet protocols in use: all, ipv4, ipv6.");

    static final List<Parameter<?>> PARAMETERS = List.of(INET_INTERFACES, INET_PROTOCOLS);

    private static final int MOST_PORT = 65_535;

    private Listening() {}

    static List<? extends SocketAddress> addresses(MainCf conf, MasterService service) {
        if (service.type() == MasterService.Type.UNIX) {
            return List.of(UnixDomainSocketAddress.of(service.name()));
        }
        int port = service.port(conf);
        if (!service.host().isEmpty()) {
            return List.of(resolve(service.origin(), service.host(), port));
        }
        return addresses(conf, INET_INTERFACES, conf.get(INET_PROTOCOLS), port);
    }

    /// Where to bind with `--port-offset`: the path of a unix-domain socket stays.
    static SocketAddress shifted(SocketAddress address, int offset) {
        return address instanceof InetSocketAddress inet
                ? new InetSocketAddress(inet.getAddress(), port(inet, offset))
                : address;
    }

    /// @param interfaces the parameter that names them, as `inet_interfaces` does
    /// @param protocols as `inet_protocols` has them
    static List<InetSocketAddress> addresses(
            MainCf conf, Parameter<List<String>> interfaces, List<String> protocols, int port) {
        boolean v6 = protocols.contains("all") || protocols.contains("ipv6");
        boolean v4 = protocols.contains("all") || protocols.contains("ipv4");
        String origin = conf.origin(interfaces.name());
        List<InetSocketAddress> addresses = new ArrayList<>();
        for (String member : conf.get(interfaces)) {
            switch (member) {
                case "all" -> addresses.add(resolve(origin, v6 ? "::" : "0.0.0.0", port));
                case "loopback-only" -> {
                    if (v4) {
                        addresses.add(resolve(origin, "127.0.0.1", port));
                    }
                    if (v6) {
                        addresses.add(resolve(origin, "::1", port));
                    }
                }
                default -> addresses.add(resolve(origin, member.replaceAll("^\\[|\\]$", ""), port));
            }
        }
        return List.copyOf(addresses);
    }

    /// The port to bind: that of master.cf and `--port-offset` together; 0 stays 0, any free port.
    static int port(InetSocketAddress address, int offset) {
        int port = address.getPort() == 0 ? 0 : address.getPort() + offset;
        if (port > MOST_PORT) {
            throw new ConfigException("--port-offset " + offset + ": port " + address.getPort() + " would be " + port
                    + ", and ports end at " + MOST_PORT);
        }
        return port;
    }

    private static InetSocketAddress resolve(String origin, String host, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (UnknownHostException e) {
            throw new ConfigException(
                    origin + ": " + host + " is no address of this host and no name that leads to one", e);
        }
    }
}
