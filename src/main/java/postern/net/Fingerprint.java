package postern.net;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Locale;

/// Fingerprints in Postfix's notation: pairs of hexadecimal digits with colons between them.
public final class Fingerprint {
    private static final HexFormat COLONS = HexFormat.ofDelimiter(":").withUpperCase();

    private Fingerprint() {}

    /// Of the whole certificate.
    ///
    /// @param digest as Postfix and OpenSSL name it: `sha256`, `sha1`, `md5`
    /// @throws IllegalArgumentException for a digest that the JDK does not have
    public static String ofCertificate(X509Certificate certificate, String digest) {
        try {
            return of(certificate.getEncoded(), digest);
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("the certificate has no encoding", e);
        }
    }

    /// Of its public key (SubjectPublicKeyInfo).
    ///
    /// @param digest as Postfix and OpenSSL name it: `sha256`, `sha1`, `md5`
    /// @throws IllegalArgumentException for a digest that the JDK does not have
    public static String ofPublicKey(X509Certificate certificate, String digest) {
        return of(certificate.getPublicKey().getEncoded(), digest);
    }

    /// For comparing: digits only, upper case.
    static String plain(String fingerprint) {
        return fingerprint.strip().replace(":", "").toUpperCase(Locale.ROOT);
    }

    private static String of(byte[] bytes, String digest) {
        String name = switch (digest.toLowerCase(Locale.ROOT)) {
            case "sha1" -> "SHA-1";
            case "sha224" -> "SHA-224";
            case "sha256" -> "SHA-256";
            case "sha384" -> "SHA-384";
            case "sha512" -> "SHA-512";
            default -> digest;
        };
        try {
            return COLONS.formatHex(MessageDigest.getInstance(name).digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalArgumentException("\"" + digest + "\" is no digest of use here; sha256 is right", e);
        }
    }
}
