package postern.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;

/// The mail server at the end of the way: takes everything, checks every message's checksum and number, and
/// writes into the ledger when it came.
final class CountingSink implements AutoCloseable {
    private static final int SCRATCH = 256 * 1024;
    private static final int BACKLOG = 1024;

    private final EventLoop loop;
    private final InetSocketAddress address;
    private final ByteBuffer scratch = ByteBuffer.allocate(SCRATCH);
    private final String capabilities;
    private volatile Ledger ledger = new Ledger(-1);

    /// Listens at once.
    ///
    /// @param chunking whether BDAT is offered
    CountingSink(InetSocketAddress bind, boolean chunking) throws IOException {
        this.capabilities = "250-sink.example.com\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SIZE 104857600\r\n"
                + (chunking ? "250-CHUNKING\r\n" : "") + "250 ENHANCEDSTATUSCODES";
        this.loop = new EventLoop("sink");
        ServerSocketChannel server = ServerSocketChannel.open().bind(bind, BACKLOG);
        this.address = (InetSocketAddress) server.getLocalAddress();
        CompletableFuture<Boolean> watched = new CompletableFuture<>();
        loop.later(() -> {
            try {
                loop.watch(server, SelectionKey.OP_ACCEPT, key -> accept(server));
                watched.complete(true);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        watched.join();
    }

    InetSocketAddress address() {
        return address;
    }

    /// Counts into this ledger from now on.
    void count(Ledger into) {
        ledger = into;
    }

    Ledger ledger() {
        return ledger;
    }

    /// The buffer that all connections read into: there is one thread.
    ByteBuffer scratch() {
        return scratch;
    }

    String capabilities() {
        return capabilities;
    }

    private void accept(ServerSocketChannel server) throws IOException {
        for (SocketChannel channel = server.accept(); channel != null; channel = server.accept()) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            try {
                // Its key keeps it.
                new SinkConnection(this, loop, channel);
            } catch (IOException e) {
                channel.close();
            }
        }
    }

    @Override
    public void close() {
        loop.close();
    }
}
