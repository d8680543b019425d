package postern.transcript;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;
import postern.net.Endpoint;
import postern.net.Listener;
import postern.net.TlsSettings;
import postern.net.Trust;

/// No network at all.
public final class MemoryWire implements Wire {
    private static final TlsSettings TLS = new TlsSettings() {
        @Override
        public SSLEngine engine(Endpoint peer) {
            throw new AssertionError("no sockets here");
        }

        @Override
        public Trust trust(List<X509Certificate> chain) {
            return Trust.UNTRUSTED;
        }

        @Override
        public Executor pool() {
            return Runnable::run;
        }
    };

    private final VirtualTime time;
    private final int readLimit;
    private final List<MemoryConnection> connections = new ArrayList<>();

    /// @param readLimit the most bytes that one read gives
    public MemoryWire(VirtualTime time, int readLimit) {
        this.time = time;
        this.readLimit = readLimit;
    }

    @Override
    public TlsSettings tls() {
        return TLS;
    }

    @Override
    public ClientEnd connect(Listener.Session server, Endpoint client, Endpoint local) {
        MemoryConnection connection = new MemoryConnection(time, client, local, readLimit);
        connections.add(connection);
        Thread.ofVirtual().start(() -> {
            try (connection) {
                server.serve(connection);
            }
        });
        return connection;
    }

    @Override
    public void tick() {
        connections.forEach(MemoryConnection::tick);
    }

    @Override
    public void close() {
        connections.forEach(MemoryConnection::hangUp);
    }
}
