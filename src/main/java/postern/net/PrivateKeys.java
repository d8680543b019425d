package postern.net;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Objects;

/// Private keys out of PEM blocks: PKCS#8 (`PRIVATE KEY`), and what OpenSSL wrote before it: PKCS#1
/// (`RSA PRIVATE KEY`) and SEC 1 (`EC PRIVATE KEY`), which get a PKCS#8 wrapping here.
final class PrivateKeys {
    private static final String[] ALGORITHMS = {"RSA", "EC", "EdDSA"};
    private static final byte[] RSA = Der.sequence(Der.oid("1.2.840.113549.1.1.1"), Der.nothing());
    private static final byte[] EC = Der.oid("1.2.840.10045.2.1");

    private PrivateKeys() {}

    /// @throws IllegalArgumentException when it is no RSA, EC or Ed25519 key
    static PrivateKey of(Pem block) {
        byte[] pkcs8 = switch (block.label()) {
            case "PRIVATE KEY" -> block.der();
            case "RSA PRIVATE KEY" -> wrap(RSA, block.der());
            case "EC PRIVATE KEY" -> wrap(Der.sequence(EC, curve(block.der())), block.der());
            default -> throw new IllegalArgumentException("\"" + block.label() + "\" is not a key of use here");
        };
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (InvalidKeySpecException e) {
                // Of another kind, then.
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("this JDK has no " + algorithm, e);
            }
        }
        throw new IllegalArgumentException("the private key is broken, or neither RSA nor EC nor Ed25519");
    }

    /// Whether the two belong together: what one signs, the other verifies.
    static boolean match(PrivateKey key, PublicKey certified) {
        if (!key.getAlgorithm().equals(certified.getAlgorithm())) {
            return false;
        }
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
        byte[] probe = {1, 2, 3};
        try {
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(key);
            signer.update(probe);
            byte[] signature = signer.sign();
            Signature verifier = Signature.getInstance(algorithm);
            verifier.initVerify(certified);
            verifier.update(probe);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static byte[] wrap(byte[] algorithm, byte[] key) {
        return Der.sequence(Der.integer(0), algorithm, Der.value(Der.OCTET_STRING, key));
    }

    /// The object identifier of the curve inside a SEC 1 key: SEQUENCE { 1, OCTET STRING, [0] { curve }, … }.
    private static byte[] curve(byte[] sec1) {
        try {
            int at = contents(sec1, 0);
            at = next(sec1, at);
            at = next(sec1, at);
            if ((sec1[at] & 0xff) == Der.EXPLICIT) {
                int from = contents(sec1, at);
                return Arrays.copyOfRange(sec1, from, next(sec1, from));
            }
        } catch (IndexOutOfBoundsException e) {
            // Said below.
        }
        throw new IllegalArgumentException("the EC private key does not name its curve");
    }

    private static int contents(byte[] der, int at) {
        int length = der[at + 1] & 0xff;
        return at + 2 + (length < 0x80 ? 0 : length & 0x7f);
    }

    /// @throws IndexOutOfBoundsException when the value does not end within the array
    private static int next(byte[] der, int at) {
        int from = contents(der, at);
        int length = der[at + 1] & 0xff;
        if (length >= 0x80) {
            length = 0;
            for (int i = at + 2; i < from; i++) {
                length = length << 8 | (der[i] & 0xff);
            }
        }
        return Objects.checkFromIndexSize(from, length, der.length) + length;
    }
}
