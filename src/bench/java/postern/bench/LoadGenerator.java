package postern.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;

/// Sends messages over a number of connections for a time.
final class LoadGenerator implements AutoCloseable {
    private static final int SCRATCH = 64 * 1024;

    private final EventLoop loop;
    private final Ledger ledger;
    private final Letter letter;
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(SCRATCH);
    private final Dialect dialect;
    private final int connections;
    private volatile boolean stopped;
    private volatile int closed;
    private long started;

    LoadGenerator(Ledger ledger, Letter letter, int connections) throws IOException {
        this(ledger, letter, connections, Dialect.RELAYED);
    }

    LoadGenerator(Ledger ledger, Letter letter, int connections, Dialect dialect) throws IOException {
        this.dialect = dialect;
        this.loop = new EventLoop("generator");
        this.ledger = ledger;
        this.letter = letter;
        this.connections = connections;
    }

    /// Sends for this long, then until every message under way has its answer.
    ///
    /// @throws IOException when the server refuses something or goes away
    void run(SocketAddress to, Duration time) throws IOException {
        started = System.nanoTime();
        loop.later(() -> open(to));
        long end = started + time.toNanos();
        while (closed < connections) {
            if (System.nanoTime() >= end) {
                stopped = true;
            }
            Rest.millis(5);
            if (loop.failure() != null) {
                throw new IOException(loop.failure().getMessage(), loop.failure());
            }
        }
    }

    private void open(SocketAddress to) {
        try {
            for (int i = 0; i < connections; i++) {
                // Keys keep their connections.
                new SendingConnection(this, loop, to);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// When the first connection was opened, by [System#nanoTime()].
    long started() {
        return started;
    }

    Ledger ledger() {
        return ledger;
    }

    Dialect dialect() {
        return dialect;
    }

    Letter letter() {
        return letter;
    }

    /// The buffer that all connections read replies into: there is one thread.
    ByteBuffer scratch() {
        return scratch;
    }

    /// The number of the next message to send; -1 when it is time to stop.
    int next() {
        return stopped ? -1 : ledger.next();
    }

    /// One connection has said goodbye. Called in the loop's thread only.
    @SuppressWarnings("NonAtomicVolatileUpdate")
    void closed() {
        closed++;
    }

    @Override
    public void close() {
        loop.close();
    }
}
