package postern.net;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;

/// Makes the engine for one handshake: a server's, with its certificates, or a client's, for one peer name.
/// [ServerTls] and [ClientTls] are or give them; a session only passes them on.
public interface TlsSettings {
    /// A fresh engine, in client or server mode, ready for its handshake.
    SSLEngine engine(Endpoint peer);

    /// How far a peer with these certificates, which the engine was content with, is to be trusted.
    ///
    /// @param chain leaf first; at least one
    Trust trust(List<X509Certificate> chain);

    /// Runs what takes long, off the thread of the session: [HandshakePool#open()].
    Executor pool();
}
