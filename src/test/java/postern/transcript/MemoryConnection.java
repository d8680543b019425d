package postern.transcript;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.net.Connection;
import postern.net.Deadline;
import postern.net.Endpoint;
import postern.net.TlsFacts;
import postern.net.TlsSettings;
import postern.net.Trust;

/// Both ends of a connection, without a socket. The session's thread reads and writes; the test's thread
/// sends, waits until the session waits for it, and takes what was said. Deadlines pass when the virtual time
/// does.
public final class MemoryConnection implements Connection, Deadline, ClientEnd {
    private static final TlsFacts FACTS = new TlsFacts(
            "TLSv1.3",
            "TLS_AES_256_GCM_SHA384",
            256,
            List.of(),
            Trust.ANONYMOUS,
            "",
            Map.of(TlsFacts.EXPORTER, new byte[32]));
    private static final long PATIENCE = Duration.ofSeconds(20).toNanos();

    private final VirtualTime time;
    private final Endpoint peer;
    private final Endpoint local;
    private final int readLimit;
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private byte[] sent = {};
    private int taken;
    private boolean sentAll;
    private boolean waiting;
    private boolean closed;
    private boolean handshaking;
    private @Nullable Boolean handshake;
    private @Nullable TlsFacts tls;
    private long at = Long.MAX_VALUE;
    private boolean expired;

    /// @param readLimit the most bytes that one read gives: how the network cut what was sent
    public MemoryConnection(VirtualTime time, Endpoint peer, Endpoint local, int readLimit) {
        this.time = time;
        this.peer = peer;
        this.local = local;
        this.readLimit = readLimit;
    }

    // The test's side.

    @Override
    public synchronized void send(byte[] bytes) {
        byte[] all = new byte[unread() + bytes.length];
        System.arraycopy(sent, taken, all, 0, unread());
        System.arraycopy(bytes, 0, all, unread(), bytes.length);
        sent = all;
        taken = 0;
        notifyAll();
    }

    private int unread() {
        return sent.length - taken;
    }

    @Override
    public synchronized void hangUp() {
        sentAll = true;
        notifyAll();
    }

    @Override
    public synchronized void shakeHands(boolean success) {
        if (!handshaking) {
            throw new AssertionError("the server does not wait for TLS");
        }
        handshake = success;
        notifyAll();
    }

    /// Time has passed.
    synchronized void tick() {
        notifyAll();
    }

    @Override
    public synchronized String said() {
        long end = System.nanoTime() + PATIENCE;
        while (!closed && !isStuck()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("the session neither answers nor waits");
            }
            pause(200);
        }
        String text = said.toString(StandardCharsets.UTF_8);
        said.reset();
        return text;
    }

    @Override
    public synchronized void endWaiting() {
        shutdownInput();
    }

    /// Whether the session waits for something that only the client can do.
    private boolean isStuck() {
        boolean late = time.millis() >= at;
        return (waiting && unread() == 0 && !sentAll && !late)
                || (handshaking && handshake == null && unread() == 0 && !sentAll && !late);
    }

    @Override
    public synchronized boolean isClosed() {
        return closed;
    }

    // The session's side.

    @Override
    public synchronized int read(ByteBuffer into) {
        waiting = true;
        notifyAll();
        try {
            while (true) {
                if (expired || time.millis() >= at) {
                    expired = true;
                    return -1;
                }
                if (unread() > 0) {
                    return take(into);
                }
                if (sentAll) {
                    return -1;
                }
                pause(0);
            }
        } finally {
            waiting = false;
        }
    }

    private int take(ByteBuffer into) {
        int count = Math.min(Math.min(readLimit, into.remaining()), unread());
        into.put(sent, taken, count);
        taken += count;
        return count;
    }

    @Override
    public synchronized void write(ByteBuffer bytes) throws IOException {
        if (closed) {
            throw new IOException("connection closed");
        }
        while (bytes.hasRemaining()) {
            said.write(bytes.get());
        }
    }

    /// Plaintext where the handshake belongs fails it, as it does with real TLS.
    @Override
    public synchronized void startTls(TlsSettings settings) throws IOException {
        handshaking = true;
        notifyAll();
        while (handshake == null && unread() == 0 && !sentAll && time.millis() < at) {
            pause(0);
        }
        handshaking = false;
        if (handshake == null || !handshake) {
            throw new IOException("the handshake failed");
        }
        tls = FACTS;
    }

    private void pause(long millis) {
        try {
            wait(millis);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
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
    public synchronized @Nullable TlsFacts tls() {
        return tls;
    }

    @Override
    public Deadline deadline() {
        return this;
    }

    @Override
    public synchronized void in(Duration duration) {
        at = time.millis() + duration.toMillis();
    }

    @Override
    public synchronized void never() {
        at = Long.MAX_VALUE;
    }

    @Override
    public synchronized boolean expired() {
        return expired;
    }

    @Override
    public synchronized void shutdownInput() {
        sentAll = true;
        notifyAll();
    }

    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
    }
}
