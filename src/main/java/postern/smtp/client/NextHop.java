package postern.smtp.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringTokenizer;

/// A next hop as transport_maps, relayhost and their kin give it (transport(5)).
///
/// @param text as it was given, without `inet:`: the key for TLS policies and passwords
/// @param host a domain, a host name, or a literal address without its brackets; for a unix-domain socket its
///     path
/// @param port 0 for a unix-domain socket
/// @param kind how the host is found
public record NextHop(String text, String host, int port, Kind kind) {
    /// How the hosts behind a next hop are found.
    public enum Kind {
        /// By MX records, then address records (RFC 5321 §5.1).
        DOMAIN,
        /// By address records only: `[host]`, and every internet host of LMTP.
        HOST,
        /// A unix-domain socket.
        UNIX
    }

    private static final Map<String, Integer> SERVICES =
            Map.of("smtp", 25, "lmtp", 24, "smtps", 465, "submissions", 465, "submission", 587);
    private static final String SEPARATORS = ", \t\r\n\f\u000b";
    private static final int HIGHEST_PORT = 65_535;

    /// Reads one or more next hops, separated by commas or white space: `[host]:port`, `[address]`,
    /// `[ipv6:address]:port`, `domain`, `host:port`; for LMTP also `inet:host:port` and `unix:path`.
    ///
    /// @throws IllegalArgumentException when it cannot be read; says what is wrong
    public static List<NextHop> parse(String text, Protocol protocol, int defaultPort) {
        if (protocol == Protocol.LMTP && text.startsWith("unix:")) {
            String path = text.substring("unix:".length());
            if (path.isEmpty()) {
                throw new IllegalArgumentException("missing path in server description: " + text);
            }
            return List.of(new NextHop(text, path, 0, Kind.UNIX));
        }
        boolean inet = protocol == Protocol.LMTP && text.startsWith("inet:");
        List<NextHop> hops = new ArrayList<>();
        StringTokenizer words = new StringTokenizer(inet ? text.substring("inet:".length()) : text, SEPARATORS);
        while (words.hasMoreTokens()) {
            hops.add(one(words.nextToken(), protocol, defaultPort));
        }
        if (hops.isEmpty()) {
            throw new IllegalArgumentException("null destination: \"" + text + "\"");
        }
        return hops;
    }

    private static NextHop one(String text, Protocol protocol, int defaultPort) {
        boolean bracketed = text.startsWith("[");
        int close = text.indexOf(']');
        if (bracketed != close > 0) {
            throw new IllegalArgumentException(
                    "missing \"" + (bracketed ? ']' : '[') + "\" in server description: " + text);
        }
        String rest = bracketed ? text.substring(close + 1) : text;
        int colon = rest.indexOf(':');
        String host = withoutFamily(bracketed ? text.substring(1, close) : colon < 0 ? text : text.substring(0, colon));
        if (host.isEmpty() || (bracketed && colon > 0) || (bracketed && colon < 0 && !rest.isEmpty())) {
            throw new IllegalArgumentException("garbage or missing host in server description: " + text);
        }
        int port = colon < 0 ? defaultPort : port(rest.substring(colon + 1), text);
        Kind kind = bracketed || protocol == Protocol.LMTP ? Kind.HOST : Kind.DOMAIN;
        return new NextHop(text, host, port, kind);
    }

    private static int port(String service, String text) {
        Integer known = SERVICES.get(service);
        if (known != null) {
            return known;
        }
        try {
            int port = Integer.parseInt(service);
            if (port > 0 && port <= HIGHEST_PORT && service.charAt(0) != '+') {
                return port;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException("bad network port: " + service + " for destination: " + text);
    }

    /// `ipv6:2001:db8::1` is how an address literal is written in mail (RFC 5321 §4.1.3).
    private static String withoutFamily(String host) {
        return host.regionMatches(true, 0, "ipv6:", 0, 5) ? host.substring(5) : host;
    }

    /// The default port of a protocol, from `smtp_tcp_port` or `lmtp_tcp_port`.
    static int defaultPort(String service, Protocol protocol) {
        return service.isEmpty() ? protocol.port() : port(service, service);
    }
}
