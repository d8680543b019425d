package postern.net;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/// A throw-away certificate (RFC 5280) for EC P-256, signed by its own key: for the demo, for tests, and for
/// a first start.
public record SelfSigned(PrivateKey key, X509Certificate certificate) {
    private static final byte[] ECDSA_WITH_SHA256 = Der.sequence(Der.oid("1.2.840.10045.4.3.2"));
    private static final byte[] COMMON_NAME = Der.oid("2.5.4.3");
    private static final byte[] SUBJECT_ALT_NAME = Der.oid("2.5.29.17");
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;
    private static final int SERIAL_BITS = 120;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    /// Makes one.
    ///
    /// @param names host names and addresses; the first is the subject's too
    public static SelfSigned of(List<String> names, Instant from, Duration validity) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            byte[] subject = name(names.getFirst());
            byte[] content = Der.sequence(
                    Der.value(Der.EXPLICIT, Der.integer(2)),
                    Der.integer(new BigInteger(SERIAL_BITS, new SecureRandom())),
                    ECDSA_WITH_SHA256,
                    subject,
                    Der.sequence(time(from), time(from.plus(validity))),
                    subject,
                    pair.getPublic().getEncoded(),
                    Der.value(Der.EXPLICIT + 3, Der.sequence(alternatives(names))));
            Signature signer = Signature.getInstance("SHA256withECDSA");
            signer.initSign(pair.getPrivate());
            signer.update(content);
            byte[] der = Der.sequence(content, ECDSA_WITH_SHA256, Der.bitString(signer.sign()));
            return new SelfSigned(pair.getPrivate(), (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK cannot make a P-256 certificate", e);
        }
    }

    public Identity identity() {
        return new Identity(key, List.of(certificate));
    }

    /// What belongs into a certificate file.
    public String certificatePem() {
        try {
            return new Pem("CERTIFICATE", certificate.getEncoded()).text();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate read from DER has no DER", e);
        }
    }

    /// What belongs into a key file.
    public String keyPem() {
        return new Pem("PRIVATE KEY", key.getEncoded()).text();
    }

    private static byte[] name(String commonName) {
        return Der.sequence(Der.value(Der.SET, Der.sequence(COMMON_NAME, Der.text(Der.UTF8_STRING, commonName))));
    }

    private static byte[] time(Instant instant) {
        String text = TIME.format(instant);
        return text.compareTo("2050") < 0
                ? Der.text(Der.UTC_TIME, text.substring(2))
                : Der.text(Der.GENERALIZED_TIME, text);
    }

    private static byte[] alternatives(List<String> names) {
        byte[][] each = names.stream().map(SelfSigned::alternative).toArray(byte[][]::new);
        return Der.sequence(SUBJECT_ALT_NAME, Der.value(Der.OCTET_STRING, Der.sequence(each)));
    }

    private static byte[] alternative(String name) {
        if (name.indexOf(':') >= 0 || name.matches("[0-9.]+")) {
            return Der.value(
                    Der.IMPLICIT + IP_ADDRESS, InetAddress.ofLiteral(name).getAddress());
        }
        return Der.text(Der.IMPLICIT + DNS_NAME, name);
    }
}
