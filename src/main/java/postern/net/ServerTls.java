package postern.net;

import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/// The TLS of one service. Each service has its own: a session ticket of one listener means nothing to
/// another.
public final class ServerTls implements TlsSettings {
    private static final int SESSIONS_KEPT = 1000;
    private static final int SECONDS_KEPT = 3600;

    private final SSLContext context;
    private final TlsProtocols protocols;
    private final boolean askForCertificate;

    /// @param keys asked at each full handshake: [LiveKeys], or a constant
    /// @param askForCertificate whether clients are asked for one; it is reported and not verified
    ///     (`smtpd_tls_ask_ccert`)
    public ServerTls(Supplier<ServerKeys> keys, TlsProtocols protocols, boolean askForCertificate) {
        this.context = Contexts.of(new OwnKeys(keys), PeerCheck.none());
        context.getServerSessionContext().setSessionCacheSize(SESSIONS_KEPT);
        context.getServerSessionContext().setSessionTimeout(SECONDS_KEPT);
        this.protocols = protocols;
        this.askForCertificate = askForCertificate;
    }

    @Override
    public SSLEngine engine(Endpoint peer) {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setEnabledProtocols(protocols.names());
        engine.setWantClientAuth(askForCertificate);
        return engine;
    }

    @Override
    public boolean verifies() {
        return false;
    }
}
