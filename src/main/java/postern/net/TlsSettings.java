package postern.net;

import javax.net.ssl.SSLEngine;

/// Makes the engine for one handshake: a server's, with its certificates, or a client's, for one peer name.
/// [ServerTls] and [ClientTls] are or give them; a session only passes them on.
public interface TlsSettings {
    /// A fresh engine, in client or server mode, ready for its handshake.
    SSLEngine engine(Endpoint peer);

    /// Whether the engine's checks of the peer (chain, name, fingerprint) count as verified once the
    /// handshake is through.
    boolean verifies();
}
