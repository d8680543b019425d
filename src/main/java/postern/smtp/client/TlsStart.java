package postern.smtp.client;

import postern.net.TlsSettings;
import postern.tlspolicy.TlsPolicy;

/// Makes the client's side of a handshake: `tlspolicy.ClientContexts`.
@FunctionalInterface
public interface TlsStart {
    /// @param nextHop the next hop's domain or host, without brackets and port
    /// @param host the name of the server itself
    TlsSettings settings(TlsPolicy policy, String nextHop, String host);
}
