package postern.net;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;

/// What is demanded of a peer's certificates before the handshake goes on, and what they are worth.
public interface PeerCheck {
    /// Judges the certificates of a handshake.
    ///
    /// @param chain as the server sent it, leaf first; at least one
    /// @throws CertificateException when it does not hold; the message is fit for a log line
    void check(List<X509Certificate> chain) throws CertificateException;

    /// How far a peer that has passed is to be trusted.
    Trust trust(List<X509Certificate> chain);

    /// Anything goes (levels `may` and `encrypt`).
    static PeerCheck none() {
        return permissive(chain -> {
            throw new CertificateException("nobody is trusted");
        });
    }

    /// Anything goes, and it is told whether the chain of a server leads to a trusted authority.
    static PeerCheck servers(TrustAnchors anchors) {
        return permissive(anchors::check);
    }

    /// The same of a client's chain (`smtpd_tls_ask_ccert`).
    static PeerCheck clients(TrustAnchors anchors) {
        return permissive(anchors::checkClient);
    }

    private static PeerCheck permissive(Demand trusted) {
        return new PeerCheck() {
            @Override
            public void check(List<X509Certificate> chain) {}

            @Override
            public Trust trust(List<X509Certificate> chain) {
                try {
                    trusted.check(chain);
                    return Trust.TRUSTED;
                } catch (CertificateException e) {
                    return Trust.UNTRUSTED;
                }
            }
        };
    }

    /// The certificate or its public key has one of these fingerprints (level `fingerprint`).
    ///
    /// @param digest `sha256`, `sha1`, `md5` …
    /// @param wanted hexadecimal, with colons or without
    static PeerCheck fingerprint(String digest, Collection<String> wanted) {
        List<String> plain = wanted.stream().map(Fingerprint::plain).toList();
        return verifying(chain -> {
            X509Certificate leaf = chain.getFirst();
            if (!plain.contains(Fingerprint.plain(Fingerprint.ofCertificate(leaf, digest)))
                    && !plain.contains(Fingerprint.plain(Fingerprint.ofPublicKey(leaf, digest)))) {
                throw new CertificateException("Server certificate not verified: its fingerprint is "
                        + Fingerprint.ofCertificate(leaf, digest));
            }
        });
    }

    /// The chain leads to a trusted authority and the certificate is made out to one of the names (levels
    /// `verify` and `secure`).
    ///
    /// @param names host names; `.domain` stands for any name below that domain
    static PeerCheck names(TrustAnchors anchors, Collection<String> names) {
        List<String> wanted = List.copyOf(names);
        return verifying(chain -> {
            anchors.check(chain);
            CertificateNames found = CertificateNames.of(chain.getFirst());
            if (wanted.stream().noneMatch(found::matches)) {
                throw new CertificateException("Server certificate not verified: it is made out to "
                        + String.join(", ", found.names()) + ", not to " + String.join(", ", wanted));
            }
        });
    }

    private static PeerCheck verifying(Demand demand) {
        return new PeerCheck() {
            @Override
            public void check(List<X509Certificate> chain) throws CertificateException {
                demand.check(chain);
            }

            @Override
            public Trust trust(List<X509Certificate> chain) {
                return Trust.VERIFIED;
            }
        };
    }

    /// The part of a check that differs.
    @FunctionalInterface
    interface Demand {
        void check(List<X509Certificate> chain) throws CertificateException;
    }
}
