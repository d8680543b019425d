package postern.net;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/// Who one is under TLS: a private key, decoded once, and the certificate of its public key with the chain
/// behind it.
public record Identity(PrivateKey key, List<X509Certificate> chain) {
    /// @throws IllegalArgumentException when there is no certificate, or it is another key's
    public Identity {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("no certificate (-----BEGIN CERTIFICATE-----)");
        }
        if (!PrivateKeys.match(key, chain.getFirst().getPublicKey())) {
            throw new IllegalArgumentException("the private key does not belong to the certificate of "
                    + chain.getFirst().getSubjectX500Principal());
        }
    }

    /// Whether the certificate is made out to this host name.
    boolean covers(String host) {
        return CertificateNames.of(chain.getFirst()).matches(host);
    }

    X509Certificate[] chainArray() {
        return chain.toArray(new X509Certificate[0]);
    }
}
