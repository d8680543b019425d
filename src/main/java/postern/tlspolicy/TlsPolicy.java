package postern.tlspolicy;

import java.util.List;
import postern.net.TlsProtocols;

/// What one next hop is asked for.
///
/// @param protocols the versions that may be used
/// @param match for FINGERPRINT the fingerprints; for VERIFY and SECURE names, or `hostname`, `nexthop`,
///     `dot-nexthop` in place of them
/// @param serverName what is asked for by SNI: a name, `hostname`, `nexthop`, or empty for none
/// @param reuse whether a session under TLS may carry several messages
public record TlsPolicy(TlsLevel level, TlsProtocols protocols, List<String> match, String serverName, boolean reuse) {
    /// No TLS at all.
    public static final TlsPolicy NONE = new TlsPolicy(TlsLevel.NONE, TlsProtocols.ALL, List.of(), "", true);

    public TlsPolicy {
        match = List.copyOf(match);
    }

    /// The same at another level: `may` on a socket of this host, or in clear after a failed handshake.
    public TlsPolicy at(TlsLevel other) {
        return new TlsPolicy(other, protocols, match, serverName, reuse);
    }
}
