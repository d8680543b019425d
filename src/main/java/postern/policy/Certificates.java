package postern.policy;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import postern.config.ConfigException;
import postern.config.Parameter;
import postern.lookup.Lookup;
import postern.lookup.Table;
import postern.net.TlsFacts;

/// Restrictions on the certificate that a client shows: by the fingerprints of the certificate and of its
/// public key, in hex between colons.
final class Certificates {
    static final Parameter<List<String>> RELAY_CLIENTCERTS =
            Parameter.list("relay_clientcerts", "").doc("tables of the fingerprints of those who may relay");
    static final Parameter<String> SMTPD_TLS_FINGERPRINT_DIGEST = Parameter.text(
                    "smtpd_tls_fingerprint_digest", "${{$compatibility_level} <level {3.6} ? {md5} : {sha256}}")
            .doc("digest of the fingerprints of client certificates");

    static final List<Parameter<?>> PARAMETERS = List.of(RELAY_CLIENTCERTS, SMTPD_TLS_FINGERPRINT_DIGEST);

    private final PolicyContext context;
    private final String digest;

    Certificates(PolicyContext context) {
        this.context = context;
        this.digest = algorithm(context.conf(SMTPD_TLS_FINGERPRINT_DIGEST));
        try {
            MessageDigest.getInstance(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new ConfigException(
                    context.conf().origin(SMTPD_TLS_FINGERPRINT_DIGEST.name()) + ": " + SMTPD_TLS_FINGERPRINT_DIGEST
                            + ": there is no digest \"" + digest + "\"; expecting one such as sha256",
                    e);
        }
    }

    private static String algorithm(String name) {
        return name.toLowerCase(Locale.ROOT)
                .replaceFirst("^sha-?([0-9]+)$", "SHA-$1")
                .toUpperCase(Locale.ROOT);
    }

    /// `permit_tls_clientcerts`
    Restriction permitListed() {
        Table listed = context.tables().open(RELAY_CLIENTCERTS);
        return check -> switch (find(listed, check.request())) {
            case Lookup.Found found -> Outcome.PERMIT;
            case Lookup.NotFound() -> Outcome.DUNNO;
            case Lookup.TempFail(String reason) -> {
                context.warn(RELAY_CLIENTCERTS + ": " + reason);
                yield check.lookupFailed(Subject.address(check.request()));
            }
        };
    }

    /// `permit_tls_all_clientcerts`: any that was verified.
    static Outcome permitAll(Check check) {
        TlsFacts tls = check.request().tls();
        return tls != null && tls.trusted() && certificate(check.request()) != null ? Outcome.PERMIT : Outcome.DUNNO;
    }

    /// `check_ccert_access`
    Restriction access(String spec, AccessActions actions) {
        Table table = context.tables().open(spec);
        return check -> {
            String fingerprint = fingerprint(check.request());
            return switch (find(table, check.request())) {
                case Lookup.NotFound() -> Outcome.DUNNO;
                case Lookup.Found(String value) ->
                    actions.apply(
                            check,
                            new AccessActions.Found(table.name(), fingerprint, Subject.CERTIFICATE, fingerprint),
                            value);
                case Lookup.TempFail(String reason) -> {
                    context.warn(table.name() + " lookup error for \"" + fingerprint + "\"");
                    yield check.refuse(
                            451,
                            Statuses.CONFIGURATION,
                            check.text(Subject.CERTIFICATE, fingerprint, "Server configuration error"));
                }
            };
        };
    }

    private Lookup find(Table table, PolicyRequest request) {
        X509Certificate certificate = certificate(request);
        if (certificate == null) {
            return Lookup.NOT_FOUND;
        }
        Lookup answer = table.find(fingerprint(request));
        return answer instanceof Lookup.NotFound ? table.find(publicKeyFingerprint(request)) : answer;
    }

    /// Of the certificate; empty when there is none.
    String fingerprint(PolicyRequest request) {
        X509Certificate certificate = certificate(request);
        try {
            return certificate == null ? "" : hex(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            return "";
        }
    }

    /// Of its public key; empty when there is none.
    String publicKeyFingerprint(PolicyRequest request) {
        X509Certificate certificate = certificate(request);
        return certificate == null ? "" : hex(certificate.getPublicKey().getEncoded());
    }

    static @Nullable X509Certificate certificate(PolicyRequest request) {
        TlsFacts tls = request.tls();
        return tls == null || tls.peerCertificates().isEmpty()
                ? null
                : tls.peerCertificates().getFirst();
    }

    private String hex(byte[] encoded) {
        try {
            return HexFormat.ofDelimiter(":")
                    .withUpperCase()
                    .formatHex(MessageDigest.getInstance(digest).digest(encoded));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("there was " + digest + " at start", e);
        }
    }
}
