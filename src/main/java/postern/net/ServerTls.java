package postern.net;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/// The TLS of one service. Each service has its own: a session ticket of one listener means nothing to
/// another.
public final class ServerTls implements TlsSettings {
    private static final int SESSIONS_KEPT = 1000;
    private static final int SECONDS_KEPT = 3600;

    private final SSLContext context;
    private final TlsProtocols protocols;
    private final CipherProfile ciphers;
    private final @Nullable PeerCheck clients;
    private final Executor pool;

    /// @param keys asked at each full handshake: [LiveKeys], or a constant
    /// @param clients what the certificates of clients are worth (`smtpd_tls_ask_ccert`); nobody is turned away
    ///     for one. Null: they are not asked for any
    /// @param pool runs what takes long: [HandshakePool#open()]
    public ServerTls(Supplier<ServerKeys> keys, TlsProtocols protocols, @Nullable PeerCheck clients, Executor pool) {
        this(keys, protocols, CipherProfile.ALL, clients, pool);
    }

    /// The same with fewer ciphers.
    public ServerTls(
            Supplier<ServerKeys> keys,
            TlsProtocols protocols,
            CipherProfile ciphers,
            @Nullable PeerCheck clients,
            Executor pool) {
        this.context = Contexts.of(new OwnKeys(keys), PeerCheck.none());
        context.getServerSessionContext().setSessionCacheSize(SESSIONS_KEPT);
        context.getServerSessionContext().setSessionTimeout(SECONDS_KEPT);
        this.protocols = protocols;
        this.ciphers = ciphers;
        this.clients = clients;
        this.pool = pool;
    }

    @Override
    public SSLEngine engine(Endpoint peer) {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setEnabledProtocols(protocols.names());
        ciphers.limit(engine);
        engine.setWantClientAuth(clients != null);
        return engine;
    }

    @Override
    public Trust trust(List<X509Certificate> chain) {
        return clients == null ? Trust.UNTRUSTED : clients.trust(chain);
    }

    @Override
    public Executor pool() {
        return pool;
    }
}
