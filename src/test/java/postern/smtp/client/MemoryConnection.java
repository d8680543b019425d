package postern.smtp.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.net.Connection;
import postern.net.Deadline;
import postern.net.Endpoint;
import postern.net.TlsFacts;
import postern.net.TlsSettings;

/// The client's end of a connection to a [ScriptedPeer]: bytes pass through memory, a time limit passes when
/// the script says so, a handshake is a meeting of the two.
final class MemoryConnection implements Connection, Deadline {
    /// What a handshake gives, in the peer's words; null for a failure.
    interface Handshake {
        @Nullable
        TlsFacts meet(TlsSettings settings) throws IOException;
    }

    private final Endpoint peer;
    private final Handshake handshake;
    private final ByteArrayOutputStream toPeer = new ByteArrayOutputStream();
    private final ByteArrayOutputStream toClient = new ByteArrayOutputStream();
    private final List<Duration> limits = new ArrayList<>();
    private int writes;
    private boolean closed;
    private boolean peerClosed;
    private boolean expired;
    private @Nullable TlsFacts tls;

    MemoryConnection(Endpoint peer, Handshake handshake) {
        this.peer = peer;
        this.handshake = handshake;
    }

    @Override
    public synchronized int read(ByteBuffer into) throws IOException {
        while (toClient.size() == 0 && !peerClosed && !expired && !closed) {
            await();
        }
        if (toClient.size() == 0) {
            return -1;
        }
        byte[] all = toClient.toByteArray();
        int count = Math.min(all.length, into.remaining());
        into.put(all, 0, count);
        toClient.reset();
        toClient.write(all, count, all.length - count);
        return count;
    }

    @Override
    public synchronized void write(ByteBuffer bytes) throws IOException {
        writes++;
        if (closed || peerClosed) {
            throw new IOException("Broken pipe");
        }
        while (bytes.hasRemaining()) {
            toPeer.write(bytes.get());
        }
        notifyAll();
    }

    /// The next byte from the client; -1 when it has closed.
    synchronized int peerRead() {
        while (toPeer.size() == 0 && !closed) {
            await();
        }
        if (toPeer.size() == 0) {
            return -1;
        }
        byte[] all = toPeer.toByteArray();
        toPeer.reset();
        toPeer.write(all, 1, all.length - 1);
        return all[0] & 0xff;
    }

    synchronized void peerWrite(byte[] bytes) {
        toClient.writeBytes(bytes);
        notifyAll();
    }

    synchronized void peerClose() {
        peerClosed = true;
        notifyAll();
    }

    synchronized void expire() {
        expired = true;
        notifyAll();
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /// How many writes there were: a batch is to be one.
    synchronized int writes() {
        return writes;
    }

    synchronized List<Duration> limits() {
        return List.copyOf(limits);
    }

    private void await() {
        long before = System.nanoTime();
        try {
            wait(10_000);
            if (System.nanoTime() - before > 9_000_000_000L) {
                throw new IllegalStateException("nothing happened for ten seconds");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Endpoint peer() {
        return peer;
    }

    @Override
    public Endpoint local() {
        return Endpoint.of(InetAddress.getLoopbackAddress(), 40_000);
    }

    @Override
    public @Nullable TlsFacts tls() {
        return tls;
    }

    @Override
    public void startTls(TlsSettings settings) throws IOException {
        tls = handshake.meet(settings);
        if (tls == null) {
            throw new IOException("handshake_failure");
        }
    }

    @Override
    public Deadline deadline() {
        return this;
    }

    @Override
    public void shutdownInput() {
        peerClose();
    }

    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
    }

    @Override
    public synchronized void in(Duration time) {
        limits.add(time);
    }

    @Override
    public void never() {}

    @Override
    public synchronized boolean expired() {
        return expired;
    }
}
