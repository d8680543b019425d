package postern.net;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.Executor;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/// The TLS of a client under one set of demands. Sessions are resumed within it and nowhere else: what was
/// verified once was verified against the same demands. So keep it as long as they last.
public final class ClientTls {
    private static final int SESSIONS_KEPT = 1000;
    private static final int SECONDS_KEPT = 3600;

    private final SSLContext context;
    private final PeerCheck check;
    private final TlsProtocols protocols;
    private final Executor pool;

    /// @param identity what to show a server that asks for a certificate (`smtp_tls_cert_file`); null: nothing
    /// @param pool runs what takes long: [HandshakePool#open()]
    public ClientTls(PeerCheck check, TlsProtocols protocols, @Nullable ServerKeys identity, Executor pool) {
        this.context = Contexts.of(identity == null ? null : new OwnKeys(() -> identity), check);
        context.getClientSessionContext().setSessionCacheSize(SESSIONS_KEPT);
        context.getClientSessionContext().setSessionTimeout(SECONDS_KEPT);
        this.check = check;
        this.protocols = protocols;
        this.pool = pool;
    }

    /// The settings for one server.
    ///
    /// @param serverName the host name to ask for by SNI (RFC 6066 §3); empty for none
    public TlsSettings to(String serverName) {
        return new TlsSettings() {
            @Override
            public SSLEngine engine(Endpoint peer) {
                return ClientTls.this.engine(peer, serverName);
            }

            @Override
            public Trust trust(List<X509Certificate> chain) {
                return check.trust(chain);
            }

            @Override
            public Executor pool() {
                return pool;
            }
        };
    }

    /// For a library that opens its own sockets: TLS with the same demands.
    public SSLSocketFactory sockets() {
        return context.getSocketFactory();
    }

    /// Host and port given here are the key under which the session is kept for the next time.
    private SSLEngine engine(Endpoint peer, String serverName) {
        SSLEngine engine = context.createSSLEngine(
                serverName.isEmpty() ? peer.text() : serverName + " " + peer.text(), peer.port());
        engine.setUseClientMode(true);
        engine.setEnabledProtocols(protocols.names());
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setServerNames(isHostName(serverName) ? List.of(new SNIHostName(serverName)) : List.of());
        engine.setSSLParameters(parameters);
        return engine;
    }

    private static boolean isHostName(String name) {
        return name.chars().anyMatch(Character::isLetter) && name.indexOf(':') < 0 && name.indexOf('[') < 0;
    }
}
