package postern.net;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Listens on a unix-domain socket that only its owner may use (mode 0600). The constructor binds, [#start()]
/// begins to accept.
public final class UnixListener implements Listener {
    private static final int BACKLOG = 16;
    private static final long PAUSE = 200;

    private final Path path;
    private final Deadlines deadlines;
    private final Session session;
    private final ServerSocketChannel server;
    private final CountDownLatch closed = new CountDownLatch(1);

    /// Binds. A socket left by a server that died is replaced: whoever calls knows that no other lives.
    ///
    /// @throws IOException when it cannot; the message is fit for a log line
    public UnixListener(Path path, Deadlines deadlines, Session session) throws IOException {
        this.path = path;
        this.deadlines = deadlines;
        this.session = session;
        this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            Files.deleteIfExists(path);
            server.bind(UnixDomainSocketAddress.of(path), BACKLOG);
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            server.close();
            throw new IOException("bind " + path + ": " + e.getMessage(), e);
        }
    }

    /// Begins to accept; returns this.
    public UnixListener start() {
        Thread.ofVirtual().name("accept " + path).start(this::acceptAll);
        return this;
    }

    @Override
    public Endpoint local() {
        return Endpoint.unix(path.toString());
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            server.close();
            Files.deleteIfExists(path);
        } catch (IOException e) {
            // It no longer listens in any case.
        }
    }

    private void acceptAll() {
        while (closed.getCount() > 0) {
            try {
                serve(server.accept());
            } catch (IOException e) {
                // Closed, or no descriptors left: then those who connect wait, and nothing spins.
                pause();
            }
        }
    }

    private void serve(SocketChannel channel) throws IOException {
        SocketConnection connection;
        try {
            connection = new SocketConnection(channel, deadlines);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        Thread.ofVirtual().name("session " + path).start(() -> {
            try (connection) {
                session.serve(connection);
            }
        });
    }

    private void pause() {
        try {
            closed.await(PAUSE, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nothing here is ever interrupted", e);
        }
    }
}
