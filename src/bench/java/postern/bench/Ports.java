package postern.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;

/// Places to listen. Postfix lets two of its kind listen on one port, and each gets half of the connections: a
/// process that outlived an earlier bench would take mail that nobody sees again.
final class Ports {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Ports() {}

    /// Waits until nobody listens there.
    ///
    /// @throws IOException when somebody goes on listening
    static void awaitFree(InetSocketAddress address) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.setReuseAddress(true);
                socket.bind(address);
                return;
            } catch (IOException e) {
                if (System.nanoTime() > end) {
                    throw new IOException(address + " is taken by another process; end it first: " + e.getMessage(), e);
                }
                Rest.millis(100);
            }
        }
    }
}
