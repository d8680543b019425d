package postern.net;

import java.security.cert.X509Certificate;
import java.util.List;

/// What a handshake agreed on.
///
/// @param protocol `TLSv1.3`
/// @param cipher the suite's name, as OpenSSL and Postfix write it where they have one
///     (`TLS_AES_256_GCM_SHA384`)
/// @param bits the strength of the symmetric cipher
/// @param peerCertificates the peer's chain, leaf first; empty when it sent none
/// @param trust how far they were checked and held
/// @param serverName the name asked for by SNI, empty when none
public record TlsFacts(
        String protocol,
        String cipher,
        int bits,
        List<X509Certificate> peerCertificates,
        Trust trust,
        String serverName) {
    /// Whether the peer is who it should be.
    public boolean verified() {
        return trust == Trust.VERIFIED;
    }

    /// Whether an authority that we trust vouches for the peer's certificate.
    public boolean trusted() {
        return trust.compareTo(Trust.TRUSTED) >= 0;
    }
}
