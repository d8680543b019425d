package postern.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;

/// A port whose connections are served with differing settings: for what a client keeps per address.
final class SamePort implements AutoCloseable {
    private final Deadlines deadlines;
    private final ServerSocketChannel listening;

    SamePort(Deadlines deadlines) throws IOException {
        this.deadlines = deadlines;
        this.listening = ServerSocketChannel.open().bind(new InetSocketAddress(Loopback.HOST, 0));
    }

    /// Shakes hands, sends a byte each way (a ticket of TLS 1.3 comes behind the handshake), closes.
    void talk(TlsSettings server, TlsSettings client) throws Exception {
        SocketConnection dialed = new SocketConnection(SocketChannel.open(listening.getLocalAddress()), deadlines);
        SocketConnection accepted = new SocketConnection(listening.accept(), deadlines);
        try (Loopback pair = new Loopback(accepted, dialed)) {
            CompletableFuture<Boolean> other = Loopback.async(() -> {
                accepted.startTls(server);
                accepted.write(Loopback.bytes("s"));
                return Loopback.read(accepted, 1).equals("c");
            });
            pair.client().startTls(client);
            dialed.write(Loopback.bytes("c"));
            assertThat(Loopback.read(dialed, 1)).isEqualTo("s");
            assertThat(Loopback.await(other)).isTrue();
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
