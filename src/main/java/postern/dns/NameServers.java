package postern.dns;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import postern.config.MainCf;
import postern.config.Parameter;

/// Which name servers are asked: `postern_dns_servers`, else those of resolv.conf, else (resolver(5)) the one
/// on this machine.
public final class NameServers {
    static final Parameter<List<String>> POSTERN_DNS_SERVERS = Parameter.list("postern_dns_servers", "")
            .doc("Name servers to ask, as address, address:port or [IPv6 address]:port; empty: those of"
                    + " /etc/resolv.conf.");

    public static final List<Parameter<?>> PARAMETERS = List.of(POSTERN_DNS_SERVERS);

    private static final int PORT = 53;

    private NameServers() {}

    /// The servers in the order in which they are asked; never empty.
    ///
    /// @throws postern.config.ConfigException when an entry is no address
    public static List<InetSocketAddress> of(MainCf main, Path resolvConf) {
        List<InetSocketAddress> servers = new ArrayList<>();
        for (String text : main.get(POSTERN_DNS_SERVERS)) {
            try {
                servers.add(server(text));
            } catch (IllegalArgumentException e) {
                throw main.error(
                        "postern_dns_servers",
                        "\"" + text + "\" is not an address such as 192.0.2.53, 192.0.2.53:5353 or [2001:db8::53]:53",
                        e);
            }
        }
        return servers.isEmpty() ? ofResolvConf(resolvConf) : servers;
    }

    private static List<InetSocketAddress> ofResolvConf(Path resolvConf) {
        List<InetSocketAddress> servers = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(resolvConf)) {
                String[] words = line.strip().split("\\s+", -1);
                if (words.length > 1 && words[0].equals("nameserver")) {
                    servers.add(server(words[1].indexOf(':') >= 0 ? "[" + words[1] + "]" : words[1]));
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            // without a usable file: the server on this machine, as resolver(5) says
        }
        return servers.isEmpty() ? List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), PORT)) : servers;
    }

    static InetSocketAddress server(String text) {
        String host = text;
        int port = PORT;
        int colon = text.lastIndexOf(':');
        if (colon > text.lastIndexOf(']') && (text.startsWith("[") || text.indexOf(':') == colon)) {
            port = Integer.parseInt(text, colon + 1, text.length(), 10);
            host = text.substring(0, colon);
        }
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        return new InetSocketAddress(InetAddress.ofLiteral(host), port);
    }
}
