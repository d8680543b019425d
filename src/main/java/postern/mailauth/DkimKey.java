package postern.mailauth;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.RSAKey;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A private key to sign mail with: RSA (RFC 6376 §3.3.1) or Ed25519 (RFC 8463).
public final class DkimKey {
    /// What the signature's `a=` says (RFC 6376 §3.3, RFC 8463 §3). There is no rsa-sha1 (RFC 8301 §3.1).
    public enum Algorithm {
        RSA_SHA256("rsa-sha256", "SHA256withRSA"),
        ED25519_SHA256("ed25519-sha256", "Ed25519");

        private final String tag;
        private final String jdk;

        Algorithm(String tag, String jdk) {
            this.tag = tag;
            this.jdk = jdk;
        }

        public String tag() {
            return tag;
        }
    }

    private static final Pattern PEM =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);
    private static final int SEED = 32;
    private static final int LEAST_BITS = 1024;

    /// SEQUENCE { OBJECT IDENTIFIER rsaEncryption, NULL }.
    private static final byte[] RSA = {
        0x30, 13, 6, 9, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 13, 1, 1, 1, 5, 0
    };

    private final PrivateKey key;
    private final Algorithm algorithm;

    private DkimKey(PrivateKey key, Algorithm algorithm) {
        this.key = key;
        this.algorithm = algorithm;
    }

    /// Reads a key as the tools write it: PEM with PKCS#8 (`PRIVATE KEY`) or PKCS#1 (`RSA PRIVATE KEY`), or,
    /// without PEM's lines, Base64 of the same, or of an Ed25519 seed with or without the public key behind it
    /// (what rspamd writes).
    ///
    /// @throws IllegalArgumentException saying what is wrong with it
    public static DkimKey of(String text) {
        Matcher pem = PEM.matcher(text);
        if (!pem.find()) {
            if (text.contains("-----BEGIN")) {
                throw new IllegalArgumentException("the PEM block does not end");
            }
            return ofDer(decode(text));
        }
        byte[] der = decode(pem.group(2));
        return switch (pem.group(1)) {
            case "PRIVATE KEY" -> ofPkcs8(der);
            case "RSA PRIVATE KEY" -> ofPkcs8(pkcs8(der));
            case "ENCRYPTED PRIVATE KEY" ->
                throw new IllegalArgumentException("the key is encrypted; it must be readable without a passphrase");
            default ->
                throw new IllegalArgumentException("\"" + pem.group(1) + "\" is no private key for RSA or Ed25519");
        };
    }

    private static byte[] decode(String base64) {
        if (base64.contains("Proc-Type")) {
            throw new IllegalArgumentException("the key is encrypted; it must be readable without a passphrase");
        }
        try {
            return Base64.getDecoder().decode(base64.replaceAll("\\s+", "").getBytes(StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the key is neither PEM nor Base64", e);
        }
    }

    private static DkimKey ofDer(byte[] bytes) {
        if (bytes.length == SEED || bytes.length == 2 * SEED) {
            return ofSeed(Arrays.copyOf(bytes, SEED));
        }
        return ofPkcs8(isPkcs1(bytes) ? pkcs8(bytes) : bytes);
    }

    /// Whether behind SEQUENCE and version comes a number, the modulus, where PKCS#8 has the algorithm.
    private static boolean isPkcs1(byte[] der) {
        int contents = der.length > 1 && der[1] < 0 ? 2 + (der[1] & 0x7f) : 2;
        return der.length > contents + 3 && der[contents + 3] == 2;
    }

    private static DkimKey ofSeed(byte[] seed) {
        try {
            PrivateKey key = KeyFactory.getInstance("Ed25519")
                    .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed));
            return new DkimKey(key, Algorithm.ED25519_SHA256);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no Ed25519", e);
        }
    }

    private static DkimKey ofPkcs8(byte[] der) {
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(der);
        try {
            PrivateKey key = KeyFactory.getInstance("RSA").generatePrivate(spec);
            int bits = key instanceof RSAKey rsa ? rsa.getModulus().bitLength() : 0;
            if (bits < LEAST_BITS) {
                throw new IllegalArgumentException("an RSA key of " + bits
                        + " bits is too short: 1024 is the least that is accepted (RFC 8301 §3.2), 2048 is usual");
            }
            return new DkimKey(key, Algorithm.RSA_SHA256);
        } catch (InvalidKeySpecException e) {
            return ofEdDsa(spec);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no RSA", e);
        }
    }

    private static DkimKey ofEdDsa(PKCS8EncodedKeySpec spec) {
        try {
            return new DkimKey(KeyFactory.getInstance("Ed25519").generatePrivate(spec), Algorithm.ED25519_SHA256);
        } catch (InvalidKeySpecException e) {
            throw new IllegalArgumentException("the key is broken, or neither RSA nor Ed25519", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no Ed25519", e);
        }
    }

    /// SEQUENCE { 0, algorithm, OCTET STRING key } around a PKCS#1 key.
    private static byte[] pkcs8(byte[] pkcs1) {
        byte[] octets = value(4, pkcs1);
        byte[] contents = new byte[3 + RSA.length + octets.length];
        contents[0] = 2;
        contents[1] = 1;
        System.arraycopy(RSA, 0, contents, 3, RSA.length);
        System.arraycopy(octets, 0, contents, 3 + RSA.length, octets.length);
        return value(0x30, contents);
    }

    private static byte[] value(int tag, byte[] contents) {
        byte[] der = new byte[4 + contents.length];
        der[0] = (byte) tag;
        der[1] = (byte) 0x82;
        der[2] = (byte) (contents.length >> 8);
        der[3] = (byte) contents.length;
        System.arraycopy(contents, 0, der, 4, contents.length);
        return der;
    }

    public Algorithm algorithm() {
        return algorithm;
    }

    /// Signs what has been hashed (RFC 6376 §3.7).
    ///
    /// @param header the canonical header fields, the signature's own last; Ed25519 signs their SHA-256 (RFC
    ///     8463 §3), which is made here
    byte[] sign(byte[] header) {
        try {
            Signature signature = Signature.getInstance(algorithm.jdk);
            signature.initSign(key);
            signature.update(algorithm == Algorithm.ED25519_SHA256 ? Sha256.of(header) : header);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a key that was read cannot sign", e);
        }
    }
}
