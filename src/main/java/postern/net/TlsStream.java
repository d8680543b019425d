package postern.net;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import postern.wire.ByteSink;
import postern.wire.ByteSource;

/// TLS over a byte stream: one engine, one record at a time. Decrypted bytes that the caller had no room for
/// stay in an array of their size; nothing else does, see [TlsRecords].
///
/// The end: a close_notify ends the input for good, whatever comes behind it, in clear or not; so does the
/// end of the stream below. A TLS 1.2 peer that wants to renegotiate is refused.
final class TlsStream {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SSLEngine engine;
    private final Executor pool;
    private final TlsRecords records;
    private final ByteSink sink;
    private final ReentrantLock reading = new ReentrantLock();
    private final ReentrantLock writing = new ReentrantLock();
    private @Nullable ByteBuffer unread;
    private boolean inputEnded;
    private @Nullable TlsFacts facts;

    /// @param pool runs what takes long
    TlsStream(SSLEngine engine, Executor pool, ByteSource source, ByteSink sink) {
        this.engine = engine;
        this.pool = pool;
        this.records = new TlsRecords(source);
        this.sink = sink;
    }

    @Nullable
    TlsFacts facts() {
        return facts;
    }

    /// Shakes hands to the end.
    ///
    /// @param worth of the certificates of a peer that the engine is content with
    /// @throws IOException when it fails; the peer has been sent the alert where there is one
    void handshake(Function<List<X509Certificate>, Trust> worth) throws IOException {
        reading.lock();
        try {
            engine.beginHandshake();
            shakeHands();
            facts = Handshakes.facts(engine, chain -> onPool(() -> worth.apply(chain)));
        } catch (SSLException e) {
            inputEnded = true;
            sendAlert();
            throw new IOException(Handshakes.reason(e), e);
        } finally {
            reading.unlock();
        }
    }

    int read(ByteBuffer into) throws IOException {
        reading.lock();
        try {
            if (unread != null) {
                return takeUnread(unread, into);
            }
            while (!inputEnded && into.hasRemaining()) {
                int before = into.position();
                if (!unwrap(into)) {
                    inputEnded = true;
                } else if (into.position() > before) {
                    return into.position() - before;
                } else {
                    shakeHands();
                }
            }
            return inputEnded ? -1 : 0;
        } catch (SSLException e) {
            inputEnded = true;
            throw e;
        } finally {
            reading.unlock();
        }
    }

    void write(ByteBuffer bytes) throws IOException {
        writing.lock();
        ByteBuffer packet = Packets.borrow();
        try {
            while (bytes.hasRemaining()) {
                SSLEngineResult result = engine.wrap(bytes, packet);
                if (result.getStatus() != SSLEngineResult.Status.OK || result.bytesProduced() == 0) {
                    throw new EOFException("lost connection: TLS was closed");
                }
                sink.write(packet.flip());
                packet.clear();
            }
        } finally {
            Packets.giveBack(packet);
            writing.unlock();
        }
    }

    /// Hands a close_notify to `atOnce`, unless somebody reads or writes at this moment.
    void sayGoodbye(ByteSink atOnce) {
        if (!reading.tryLock()) {
            return;
        }
        try {
            if (writing.tryLock()) {
                try {
                    farewell(atOnce);
                } finally {
                    writing.unlock();
                }
            }
        } finally {
            reading.unlock();
        }
    }

    private void farewell(ByteSink atOnce) {
        ByteBuffer packet = Packets.borrow();
        try {
            engine.closeOutbound();
            engine.wrap(NOTHING.duplicate(), packet);
            atOnce.write(packet.flip());
        } catch (IOException e) {
            // The peer is gone, or does not read: it learns from the closed socket.
        } finally {
            Packets.giveBack(packet);
        }
    }

    private static int copy(ByteBuffer from, ByteBuffer into) {
        int count = Math.min(from.remaining(), into.remaining());
        into.put(into.position(), from, from.position(), count);
        into.position(into.position() + count);
        from.position(from.position() + count);
        return count;
    }

    private int takeUnread(ByteBuffer rest, ByteBuffer into) {
        int count = copy(rest, into);
        if (!rest.hasRemaining()) {
            unread = null;
        }
        return count;
    }

    /// Reads one record and decrypts it; false at the end of input. What a handshake record asks for is left
    /// to [#shakeHands()].
    private boolean unwrap(ByteBuffer into) throws IOException {
        try {
            ByteBuffer record = records.next();
            if (record == null) {
                return false;
            }
            refuseRenegotiation(record);
            return switch (engine.unwrap(record, into).getStatus()) {
                case OK -> true;
                case CLOSED -> false;
                case BUFFER_OVERFLOW -> unwrapAside(record, into);
                case BUFFER_UNDERFLOW -> throw new SSLException("TLS record is incomplete");
            };
        } finally {
            records.release();
        }
    }

    private boolean unwrapAside(ByteBuffer record, ByteBuffer into) throws SSLException {
        ByteBuffer aside = Packets.borrow();
        try {
            boolean open = engine.unwrap(record, aside).getStatus() == SSLEngineResult.Status.OK;
            copy(aside.flip(), into);
            if (aside.hasRemaining()) {
                unread = ByteBuffer.allocate(aside.remaining()).put(aside).flip();
            }
            return open;
        } finally {
            Packets.giveBack(aside);
        }
    }

    /// Past the handshake TLS 1.2 has no use for handshake records but to start another one; what TLS 1.3
    /// sends there travels as application data.
    private void refuseRenegotiation(ByteBuffer record) throws SSLException {
        if (facts != null && record.get(record.position()) == TlsRecords.HANDSHAKE) {
            throw new SSLException("the peer asked for renegotiation");
        }
    }

    /// Does whatever the engine wants before it goes on. Once the hands are shaken that is nothing, but for a
    /// KeyUpdate of TLS 1.3, which wants an answer.
    private void shakeHands() throws IOException {
        while (true) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> runTasks();
                case NEED_WRAP -> wrapHandshake();
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    if (facts != null) {
                        return;
                    }
                    if (!unwrap(NOTHING.duplicate())) {
                        throw new EOFException("lost connection");
                    }
                }
                case FINISHED, NOT_HANDSHAKING -> {
                    return;
                }
            }
        }
    }

    private void runTasks() {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            Runnable next = task;
            onPool(() -> {
                next.run();
                return true;
            });
        }
    }

    /// Waits for it. What is wrong with a task of the engine the engine itself says at its next step.
    private <T> T onPool(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, pool).join();
    }

    /// A whole flight of handshake records goes out as one write where it fits.
    private void wrapHandshake() throws IOException {
        writing.lock();
        ByteBuffer packet = Packets.borrow();
        ByteBuffer flight = Packets.borrow();
        try {
            while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                SSLEngineResult result = engine.wrap(NOTHING.duplicate(), packet.clear());
                packet.flip();
                if (packet.remaining() > flight.remaining()) {
                    sink.write(flight.flip());
                    flight.clear();
                }
                flight.put(packet);
                if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
                    break;
                }
            }
            sink.write(flight.flip());
        } finally {
            Packets.giveBack(flight);
            Packets.giveBack(packet);
            writing.unlock();
        }
    }

    /// Sends what the engine has to say about a failed handshake.
    private void sendAlert() {
        try {
            wrapHandshake();
        } catch (IOException e) {
            // The failure that led here is the one to report.
        }
    }
}
