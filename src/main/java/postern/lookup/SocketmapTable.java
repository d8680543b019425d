package postern.lookup;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.config.ConfigException;
import postern.net.Connection;
import postern.net.Endpoint;

/// `socketmap:inet:host:port:name` and `socketmap:unix:path:name` (socketmap_table(5)): a server answers. It
/// is asked for whole keys only. Connections are kept for a while and used again; each look-up has one for
/// itself.
final class SocketmapTable implements Tables.Server {
    /// For connecting, and for each question and answer.
    private static final Duration TIMEOUT = Duration.ofSeconds(100);

    private static final int LONGEST_REPLY = 100_000;
    private static final long IDLE_AT_MOST_MILLIS = 10_000;
    private static final long OLD_AT_MOST_MILLIS = 100_000;
    private static final int KEPT_AT_MOST = 20;

    private record Kept(Connection connection, long opened, long used) {}

    private final String spec;
    private final Server server;
    private final String map;
    private final TableContext context;
    private final Deque<Kept> kept = new ArrayDeque<>();
    private boolean closed;

    /// Where the server is: a host and port, or the path of a unix-domain socket.
    private record Server(String host, int port, String path) {
        List<Endpoint> endpoints() throws IOException {
            if (!path.isEmpty()) {
                return List.of(Endpoint.unix(path));
            }
            List<Endpoint> all = new ArrayList<>();
            for (InetAddress address : InetAddress.getAllByName(host)) {
                all.add(Endpoint.of(address, port));
            }
            return all;
        }
    }

    private SocketmapTable(String spec, Server server, String map, TableContext context) {
        this.spec = spec;
        this.server = server;
        this.map = map;
        this.context = context;
    }

    static Table open(String spec, String name, Tables tables) {
        int colon = name.lastIndexOf(':');
        String map = name.substring(colon + 1);
        String where = colon < 0 ? "" : name.substring(0, colon);
        if (map.isEmpty() || !(where.startsWith("inet:") || where.startsWith("unix:"))) {
            throw wrong(spec);
        }
        String rest = where.substring("inet:".length());
        TableContext context = tables.context();
        return new SocketmapTable(
                spec, where.startsWith("unix:") ? unix(spec, rest, context) : inet(spec, rest), map, context);
    }

    private static Server unix(String spec, String path, TableContext context) {
        if (path.isEmpty()) {
            throw wrong(spec);
        }
        // As Postfix's programs have it: they run in the queue directory.
        String base = path.startsWith("/") ? "" : context.conf().expand("$queue_directory") + "/";
        return new Server("", 0, base + path);
    }

    private static Server inet(String spec, String where) {
        int colon = where.lastIndexOf(':');
        String host = colon < 0 ? "" : where.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        try {
            int port = Integer.parseInt(where.substring(colon + 1));
            if (host.isEmpty() || port < 1 || port > 65535) {
                throw wrong(spec);
            }
            return new Server(host, port, "");
        } catch (NumberFormatException e) {
            throw wrong(spec);
        }
    }

    private static ConfigException wrong(String spec) {
        return new ConfigException(
                "bad syntax: \"" + spec + "\"; need socketmap:inet:host:port:name or socketmap:unix:path:name");
    }

    @Override
    public String name() {
        return spec;
    }

    @Override
    public boolean isPattern() {
        return true;
    }

    @Override
    public Lookup find(String key) {
        try {
            return answer(ask(map + " " + key));
        } catch (IOException e) {
            return fail("table " + spec + " lookup error: " + e.getMessage());
        }
    }

    private Lookup answer(String reply) {
        int space = reply.indexOf(' ');
        String word = space < 0 ? reply : reply.substring(0, space);
        String rest = space < 0 ? "" : reply.substring(space + 1);
        String kind = switch (word) {
            case "OK" -> "";
            case "NOTFOUND" -> "";
            case "TEMP" -> "temporary";
            case "TIMEOUT" -> "timeout";
            case "PERM" -> "permanent";
            default -> "unknown";
        };
        if (kind.isEmpty()) {
            return word.equals("OK") ? new Lookup.Found(rest) : Lookup.NOT_FOUND;
        }
        String why = rest.strip().replaceAll("\\p{Cntrl}", "?");
        return fail(spec + " socketmap server " + kind + " error"
                + (why.isEmpty() ? "" : ": " + why.substring(0, Math.min(200, why.length()))));
    }

    private Lookup fail(String reason) {
        context.warn(reason);
        return new Lookup.TempFail(reason);
    }

    /// A kept connection may have been closed by the server meanwhile: then a fresh one asks again.
    private String ask(String question) throws IOException {
        Kept old = take();
        if (old != null) {
            try {
                return ask(question, old.connection, old.opened);
            } catch (EOFException e) {
                // said by a fresh one
            }
        }
        return ask(question, dial(), context.clock().millis());
    }

    private String ask(String question, Connection connection, long opened) throws IOException {
        boolean answered = false;
        try {
            connection.deadline().in(TIMEOUT);
            connection.write(Netstring.encode(question));
            String reply = Netstring.read(connection, LONGEST_REPLY);
            answered = true;
            return reply;
        } catch (IOException e) {
            throw connection.deadline().expired() ? new IOException("timed out", e) : e;
        } finally {
            if (answered) {
                keep(new Kept(connection, opened, context.clock().millis()));
            } else {
                connection.close();
            }
        }
    }

    private Connection dial() throws IOException {
        IOException failure = new IOException("no address for " + server.host);
        for (Endpoint endpoint : server.endpoints()) {
            try {
                return context.dialer().dial(endpoint, null, TIMEOUT);
            } catch (IOException e) {
                failure = new IOException(endpoint + ": " + e.getMessage(), e);
            }
        }
        throw failure;
    }

    private synchronized @Nullable Kept take() {
        long now = context.clock().millis();
        for (Kept newest = kept.pollFirst(); newest != null; newest = kept.pollFirst()) {
            if (now - newest.used <= IDLE_AT_MOST_MILLIS && now - newest.opened <= OLD_AT_MOST_MILLIS) {
                return newest;
            }
            newest.connection.close();
        }
        return null;
    }

    private synchronized void keep(Kept used) {
        if (closed || kept.size() >= KEPT_AT_MOST) {
            used.connection.close();
        } else {
            kept.addFirst(used);
        }
    }

    /// Closes the kept connections, and after each later question its own.
    @Override
    public synchronized void close() {
        closed = true;
        kept.forEach(each -> each.connection.close());
        kept.clear();
    }
}
