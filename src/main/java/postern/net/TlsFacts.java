package postern.net;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;

/// What a handshake agreed on.
///
/// @param protocol `TLSv1.3`
/// @param cipher the suite's name, as OpenSSL and Postfix write it where they have one
///     (`TLS_AES_256_GCM_SHA384`)
/// @param bits the strength of the symmetric cipher
/// @param peerCertificates the peer's chain, leaf first; empty when it sent none
/// @param trust how far they were checked and held
/// @param serverName the name asked for by SNI, empty when none
/// @param bindings what a login can be bound to, by the kinds' names; a server under TLS 1.3 has one
public record TlsFacts(
        String protocol,
        String cipher,
        int bits,
        List<X509Certificate> peerCertificates,
        Trust trust,
        String serverName,
        Map<String, byte[]> bindings) {
    /// The kind of channel binding that TLS 1.3 has (RFC 9266).
    public static final String EXPORTER = "tls-exporter";

    /// Without channel bindings.
    public TlsFacts(
            String protocol,
            String cipher,
            int bits,
            List<X509Certificate> peerCertificates,
            Trust trust,
            String serverName) {
        this(protocol, cipher, bits, peerCertificates, trust, serverName, Map.of());
    }

    /// Whether the peer is who it should be.
    public boolean verified() {
        return trust == Trust.VERIFIED;
    }

    /// Whether an authority that we trust vouches for the peer's certificate.
    public boolean trusted() {
        return trust.compareTo(Trust.TRUSTED) >= 0;
    }
}
