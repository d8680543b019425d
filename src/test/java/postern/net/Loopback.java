package postern.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Two connected ends over the loopback interface.
record Loopback(SocketConnection server, SocketConnection client) implements AutoCloseable {
    static final InetAddress HOST = InetAddress.getLoopbackAddress();

    static Loopback open(Deadlines deadlines) throws IOException {
        try (ServerSocketChannel listening = ServerSocketChannel.open()) {
            listening.bind(new InetSocketAddress(HOST, 0));
            SocketChannel client = SocketChannel.open(listening.getLocalAddress());
            return new Loopback(
                    new SocketConnection(listening.accept(), deadlines), new SocketConnection(client, deadlines));
        }
    }

    /// Both ends under TLS.
    static Loopback openTls(Deadlines deadlines, TlsSettings server, TlsSettings client) throws Exception {
        Loopback pair = open(deadlines);
        CompletableFuture<Boolean> other = async(() -> {
            pair.server.startTls(server);
            return true;
        });
        pair.client.startTls(client);
        await(other);
        return pair;
    }

    @Override
    public void close() {
        server.close();
        client.close();
    }

    /// What may fail, in a virtual thread.
    interface Work<T> {
        T run() throws Exception;
    }

    static <T> CompletableFuture<T> async(Work<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                result.complete(work.run());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    static <T> T await(CompletableFuture<T> result) throws Exception {
        return result.get(30, TimeUnit.SECONDS);
    }

    /// Waits until something another thread does has happened.
    static void until(BooleanSupplier happened) {
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!happened.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited too long").isLessThan(giveUp);
            LockSupport.parkNanos(200_000);
        }
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /// Reads until `count` bytes are there or the input ends.
    static String read(Connection connection, int count) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(count);
        while (into.hasRemaining() && connection.read(into) >= 0) {
            // until it is full
        }
        return StandardCharsets.ISO_8859_1.decode(into.flip()).toString();
    }
}
