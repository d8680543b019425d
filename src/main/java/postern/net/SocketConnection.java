package postern.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// A connection over a blocking [SocketChannel], internet or unix-domain. While it waits it holds no buffer
/// in clear and a few hundred bytes under TLS, besides what the engine keeps.
public final class SocketConnection implements Connection {
    private final RawStream raw;
    private final Endpoint peer;
    private final Endpoint local;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile @Nullable TlsStream tls;

    /// @param channel connected and in blocking mode; from here on this connection's
    public SocketConnection(SocketChannel channel, Deadlines deadlines) throws IOException {
        this.peer = endpoint(channel.getRemoteAddress());
        this.local = endpoint(channel.getLocalAddress());
        if (peer.address() != null) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }
        this.raw = new RawStream(channel, deadlines);
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        TlsStream layer = tls;
        return layer == null ? raw.read(into) : layer.read(into);
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        TlsStream layer = tls;
        if (layer == null) {
            raw.write(bytes);
        } else {
            layer.write(bytes);
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
        TlsStream layer = tls;
        return layer == null ? null : layer.facts();
    }

    @Override
    public void startTls(TlsSettings settings) throws IOException {
        if (tls != null) {
            throw new IllegalStateException("TLS is already there");
        }
        TlsStream layer = new TlsStream(settings.engine(peer), settings.pool(), raw, raw);
        try {
            layer.handshake(settings::trust);
        } catch (IOException e) {
            throw raw.expired() ? new IOException("Connection timed out", e) : e;
        }
        tls = layer;
    }

    @Override
    public Deadline deadline() {
        return raw;
    }

    @Override
    public void shutdownInput() {
        raw.shutdownInput();
    }

    /// Whether its session waits in a read at this moment.
    public boolean waitsToRead() {
        return raw.waitsToRead();
    }

    /// Closes at once. Under TLS the peer is told (close_notify) when that can be done without waiting.
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        TlsStream layer = tls;
        if (layer != null) {
            layer.sayGoodbye(raw::writeAtOnce);
        }
        raw.close();
    }

    @Override
    public String toString() {
        return local + " <- " + peer;
    }

    private static Endpoint endpoint(@Nullable SocketAddress address) {
        return switch (address) {
            case InetSocketAddress inet -> Endpoint.of(inet);
            case UnixDomainSocketAddress unix -> Endpoint.unix(unix.getPath().toString());
            case null, default -> throw new IllegalArgumentException("not connected: " + address);
        };
    }
}
