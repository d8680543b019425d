package postern.net;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// Listens on a unix-domain socket that only its owner may use (mode 0600). The constructor binds, [#start()]
/// begins to accept.
public final class UnixListener implements Listener {
    private static final int BACKLOG = 16;

    private final Path path;
    private final Deadlines deadlines;
    private final Session session;
    private final ServerSocketChannel server;

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
        try {
            server.close();
            Files.deleteIfExists(path);
        } catch (IOException e) {
            // It no longer listens in any case.
        }
    }

    private void acceptAll() {
        while (server.isOpen()) {
            try {
                serve(server.accept());
            } catch (IOException e) {
                // Closed, or this one connection was lost before it began.
            }
        }
    }

    private void serve(SocketChannel channel) throws IOException {
        SocketConnection connection = new SocketConnection(channel, deadlines);
        Thread.ofVirtual().name("session " + path).start(() -> {
            try (connection) {
                session.serve(connection);
            }
        });
    }
}
