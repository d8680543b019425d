package postern.net;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// Listens on one address and port. The constructor binds, [#start()] begins to accept: so all ports can be
/// bound before the first session runs, and none is served when one is taken.
///
/// When `most` connections are open, further ones wait for a place, and the last tenth of the places is for
/// those whom the session prefers; beyond 1024 strangers that wait, one more is sent away. When accepting
/// fails (no file descriptors left), it is tried again after 50 ms, then ever later up to a second: it never
/// spins.
public final class SocketListener implements Listener {
    private static final int BACKLOG = 1024;
    private static final long SHORTEST_PAUSE = 50;
    private static final long LONGEST_PAUSE = 1000;
    private static final long WARN_EVERY = Duration.ofMinutes(1).toMillis();

    /// Where connections come from: the server socket, or a test's troubles.
    @FunctionalInterface
    interface Source {
        SocketChannel accept() throws IOException;
    }

    private final Deadlines deadlines;
    private final Session session;
    private final Consumer<String> warnings;
    private final ServerSocketChannel server;
    private final Endpoint local;
    private final Room room;
    private final Set<SocketConnection> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong fullAgain = new AtomicLong(Long.MIN_VALUE);
    private final CountDownLatch closed = new CountDownLatch(1);

    /// Binds.
    ///
    /// @param bind an internet address: port 0 lets the system choose, `::` takes IPv4 too; or the path of a socket
    ///     for the owner and the group of the process: one left by a server that died is replaced
    /// @param most how many connections may be served at once
    /// @param warnings takes a line for the log when accepting fails or somebody is sent away, each once a
    ///     minute at most
    /// @throws IOException when it cannot; the message is fit for a log line
    public SocketListener(SocketAddress bind, int most, Deadlines deadlines, Session session, Consumer<String> warnings)
            throws IOException {
        this.deadlines = deadlines;
        this.session = session;
        this.warnings = warnings;
        this.room = new Room(most);
        this.server = ServerSocketChannel.open(family(bind));
        try {
            this.local = bind(bind);
        } catch (IOException e) {
            server.close();
            throw new IOException("bind " + text(bind) + ": " + e.getMessage(), e);
        }
    }

    private static StandardProtocolFamily family(SocketAddress bind) {
        return bind instanceof InetSocketAddress inet
                ? inet.getAddress() instanceof Inet4Address ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6
                : StandardProtocolFamily.UNIX;
    }

    private Endpoint bind(SocketAddress to) throws IOException {
        if (to instanceof UnixDomainSocketAddress unix) {
            Files.deleteIfExists(unix.getPath());
            server.bind(to, BACKLOG);
            Files.setPosixFilePermissions(unix.getPath(), PosixFilePermissions.fromString("rw-rw----"));
            return Endpoint.unix(unix.getPath().toString());
        }
        server.bind(to, BACKLOG);
        return Endpoint.of((InetSocketAddress) server.getLocalAddress());
    }

    private static String text(SocketAddress bind) {
        return bind instanceof InetSocketAddress inet
                ? inet.getAddress().getHostAddress() + " port " + inet.getPort()
                : bind.toString();
    }

    /// Begins to accept; returns this.
    public SocketListener start() {
        Thread.ofVirtual().name("accept " + local).start(() -> acceptAll(server::accept));
        return this;
    }

    @Override
    public Endpoint local() {
        return local;
    }

    /// The connections that are open now: a live view.
    public Set<SocketConnection> open() {
        return Set.copyOf(open);
    }

    /// Makes those that wait for their peer read the end of input: how a server that stops asks its sessions
    /// to end. Sessions at work are not disturbed, so it is to be called again until [#open()] is empty.
    public void endWaiting() {
        for (SocketConnection connection : open) {
            if (connection.waitsToRead()) {
                connection.shutdownInput();
            }
        }
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            server.close();
            if (!local.unixPath().isEmpty()) {
                Files.deleteIfExists(Path.of(local.unixPath()));
            }
        } catch (IOException e) {
            // It no longer listens in any case.
        }
    }

    void acceptAll(Source source) {
        long pause = SHORTEST_PAUSE;
        long warnAgain = Long.MIN_VALUE;
        while (closed.getCount() > 0) {
            try {
                serve(source.accept());
                pause = SHORTEST_PAUSE;
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                if (deadlines.now() >= warnAgain) {
                    warnings.accept("accept connection on " + local + ": " + e.getMessage());
                    warnAgain = deadlines.now() + WARN_EVERY;
                }
                pause(pause);
                pause = Math.min(2 * pause, LONGEST_PAUSE);
            }
        }
    }

    private void serve(SocketChannel channel) throws IOException {
        SocketConnection connection;
        try {
            connection = new SocketConnection(channel, deadlines);
        } catch (IOException e) {
            // The peer is gone before it was looked at.
            channel.close();
            return;
        }
        Thread.ofVirtual().name("session " + connection.peer()).start(() -> {
            try (connection) {
                boolean preferred = session.prefers(connection.peer());
                if (room.enter(preferred)) {
                    serve(connection, preferred);
                } else {
                    warnFull(connection);
                }
            }
        });
    }

    private void serve(SocketConnection connection, boolean preferred) {
        try {
            open.add(connection);
            if (closed.getCount() > 0) {
                session.serve(connection);
            }
        } finally {
            open.remove(connection);
            room.leave(preferred);
        }
    }

    private void warnFull(SocketConnection connection) {
        long due = fullAgain.get();
        if (deadlines.now() >= due && fullAgain.compareAndSet(due, deadlines.now() + WARN_EVERY)) {
            warnings.accept("too many connections on " + local + ": " + Room.MOST_WAITING + " wait already; sent away "
                    + connection.peer());
        }
    }

    private void pause(long millis) {
        try {
            closed.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nothing here is ever interrupted", e);
        }
    }
}
