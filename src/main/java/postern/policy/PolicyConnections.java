package postern.policy;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.net.Connection;
import postern.net.Endpoint;
import postern.wire.LineReader;
import postern.wire.Window;

/// Connections to one policy server, used again and again.
///
/// State: those that nobody uses now, at most [#KEPT]; the one used last is used next.
final class PolicyConnections implements Closeable {
    private static final int KEPT = 50;

    private final PolicySettings settings;
    private final PolicyContext context;
    private final ArrayDeque<Open> idle = new ArrayDeque<>();
    private boolean closed;

    /// One connection.
    static final class Open {
        final Connection connection;
        final LineReader lines;
        private final Instant since;
        private Instant used;
        private int requests;

        Open(Connection connection, Instant now) {
            this.connection = connection;
            this.lines = new LineReader(new Window(connection));
            this.since = now;
            this.used = now;
        }

        /// Whether it has served before: then the server may have closed it meanwhile.
        boolean isUsed() {
            return requests > 0;
        }
    }

    PolicyConnections(PolicySettings settings, PolicyContext context) {
        this.settings = settings;
        this.context = context;
    }

    /// One that is open and not too old, or a new one.
    Open take() throws IOException {
        Instant now = now();
        List<Open> old = new ArrayList<>();
        Open found = null;
        synchronized (this) {
            while (found == null && !idle.isEmpty()) {
                Open next = idle.pop();
                if (isFresh(next, now)) {
                    found = next;
                } else {
                    old.add(next);
                }
            }
        }
        old.forEach(open -> open.connection.close());
        return found == null ? new Open(dial(), now) : found;
    }

    /// Gives back one that has just served.
    void put(Open open) {
        open.requests++;
        open.used = now();
        boolean kept = false;
        if (isFresh(open, open.used)) {
            synchronized (this) {
                kept = !closed && idle.size() < KEPT;
                if (kept) {
                    idle.push(open);
                }
            }
        }
        if (!kept) {
            open.connection.close();
        }
    }

    /// Ends those that nobody uses, and each of the others after its answer.
    @Override
    public void close() {
        List<Open> resting;
        synchronized (this) {
            closed = true;
            resting = List.copyOf(idle);
            idle.clear();
        }
        resting.forEach(open -> open.connection.close());
    }

    private boolean isFresh(Open open, Instant now) {
        int limit = settings.get(PolicySettings.REQUEST_LIMIT);
        return open.used.plus(settings.get(PolicySettings.MAX_IDLE)).isAfter(now)
                && open.since.plus(settings.get(PolicySettings.MAX_TTL)).isAfter(now)
                && (limit == 0 || open.requests < limit);
    }

    private Instant now() {
        return context.tables().context().clock().instant();
    }

    private Connection dial() throws IOException {
        IOException last = new IOException("Host not found");
        for (Endpoint endpoint : endpoints()) {
            try {
                return context.tables().context().dialer().dial(endpoint, null, settings.get(PolicySettings.TIMEOUT));
            } catch (IOException e) {
                last = e;
            }
        }
        throw last;
    }

    private List<Endpoint> endpoints() {
        String text = endpointText(settings.server());
        if (settings.server().startsWith("unix:")) {
            String path = text.startsWith("/") ? text : context.conf().expand("$queue_directory") + "/" + text;
            return List.of(Endpoint.unix(path));
        }
        int colon = text.lastIndexOf(':');
        int port = Integer.parseInt(text.substring(colon + 1));
        return addresses(text.substring(0, colon)).stream()
                .map(address -> Endpoint.of(address, port))
                .toList();
    }

    private List<InetAddress> addresses(String host) {
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        InetAddress literal = literal(bare);
        if (literal != null) {
            return List.of(literal);
        }
        if (bare.equalsIgnoreCase("localhost")) {
            return List.of(InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("::1"));
        }
        List<InetAddress> addresses =
                new ArrayList<>(context.resolver().aaaa(bare).records());
        addresses.addAll(context.resolver().a(bare).records());
        return addresses;
    }

    private static @Nullable InetAddress literal(String host) {
        try {
            return InetAddress.ofLiteral(host);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /// `host:port` of `inet:host:port`, the path of `unix:path`.
    ///
    /// @throws IllegalArgumentException when it is neither
    static String endpointText(String server) {
        if (server.startsWith("unix:") && server.length() > 5) {
            return server.substring(5);
        }
        String rest = server.startsWith("inet:") ? server.substring(5) : "";
        int colon = rest.lastIndexOf(':');
        if (colon < 1 || !rest.substring(colon + 1).matches("[0-9]{1,5}") || port(rest, colon) > 65535) {
            throw new IllegalArgumentException(
                    "\"" + server + "\" is not a policy server such as inet:127.0.0.1:10023 or unix:private/policy");
        }
        return rest;
    }

    private static int port(String rest, int colon) {
        return Integer.parseInt(rest, colon + 1, rest.length(), 10);
    }
}
