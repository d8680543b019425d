package postern.transcript;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import postern.net.Connection;
import postern.net.Deadline;
import postern.net.Endpoint;
import postern.net.TlsFacts;
import postern.net.TlsSettings;

/// A server's connection that counts what goes through, so that a test knows when the session has seen all
/// that was sent and waits for more; and that says it is with whom the test wants.
final class CountedConnection implements Connection, Deadline {
    private static final long PATIENCE = Duration.ofSeconds(20).toNanos();

    private final Connection inner;
    private final VirtualTime time;
    private final Endpoint peer;
    private final Endpoint local;
    private long consumed;
    private long written;
    private boolean waiting;
    private boolean handshaking;
    private boolean closed;
    private boolean ended;
    private long at = Long.MAX_VALUE;

    CountedConnection(Connection inner, VirtualTime time, Endpoint peer, Endpoint local) {
        this.inner = inner;
        this.time = time;
        this.peer = peer;
        this.local = local;
    }

    /// Waits until the session waits for its client, or has ended; returns the bytes it has written so far.
    ///
    /// @param sent bytes that the client has sent; -1 when it has gone
    synchronized long awaitIdle(long sent) {
        long end = System.nanoTime() + PATIENCE;
        while (!closed && !isStuck(sent)) {
            if (System.nanoTime() > end) {
                throw new AssertionError("the session neither answers nor waits");
            }
            pause();
        }
        return written;
    }

    /// Waits until the session has shaken hands, or has given up.
    synchronized void awaitHandshake() {
        while (handshaking && !closed) {
            pause();
        }
    }

    private boolean isStuck(long sent) {
        return !ended && (handshaking || waiting) && consumed == sent && time.millis() < at;
    }

    private void pause() {
        try {
            wait(200);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    synchronized boolean isClosed() {
        return closed;
    }

    private synchronized void enter(boolean handshake) {
        waiting = !handshake;
        handshaking = handshake;
        notifyAll();
    }

    private synchronized void leave(long count) {
        waiting = false;
        handshaking = false;
        consumed += Math.max(0, count);
        notifyAll();
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        enter(false);
        int count = 0;
        try {
            count = inner.read(into);
        } finally {
            leave(count);
        }
        return count;
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        int count = bytes.remaining();
        inner.write(bytes);
        synchronized (this) {
            written += count;
        }
    }

    @Override
    public void startTls(TlsSettings settings) throws IOException {
        enter(true);
        try {
            inner.startTls(settings);
        } finally {
            leave(0);
        }
    }

    @Override
    public Endpoint peer() {
        return peer;
    }

    @Override
    public Endpoint local() {
        return local;
    }

    @Override
    public @Nullable TlsFacts tls() {
        return inner.tls();
    }

    @Override
    public Deadline deadline() {
        return this;
    }

    @Override
    public synchronized void in(Duration duration) {
        at = time.millis() + duration.toMillis();
        inner.deadline().in(duration);
    }

    @Override
    public synchronized void never() {
        at = Long.MAX_VALUE;
        inner.deadline().never();
    }

    @Override
    public boolean expired() {
        return inner.deadline().expired();
    }

    @Override
    public void shutdownInput() {
        synchronized (this) {
            ended = true;
        }
        inner.shutdownInput();
    }

    @Override
    public void close() {
        inner.close();
        synchronized (this) {
            closed = true;
            notifyAll();
        }
    }
}
