package postern.mailauth;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.interfaces.EdECPrivateKey;
import java.util.Arrays;
import java.util.Base64;

/// Makes keys to sign with, and the texts that publish them (RFC 6376 §3.6.1, RFC 8463 §4).
public final class DkimKeys {
    /// What one string of a zone file may hold beside `p=`, in opendkim-genkey's cut.
    private static final int STRING = 252;

    private static final int ED25519_BYTES = 32;
    private static final int LEAST_BITS = 1024;

    private DkimKeys() {}

    /// A key and its record.
    ///
    /// @param privatePem the file of the private key as DMS's tools write it: PKCS#8 in PEM for RSA; for
    ///     Ed25519 one line of Base64, seed and public key, which rspamd reads
    /// @param dnsRecord the TXT record's text in one piece, `v=DKIM1; k=rsa; p=…`: rspamd's `public.dns.txt`
    /// @param zoneSnippet the record as a line of a zone file, in strings of at most 255 characters:
    ///     opendkim-genkey's `mail.txt`
    public record Made(String privatePem, String dnsRecord, String zoneSnippet) {}

    /// @param bits of the modulus: 1024 at least (RFC 8301 §3.2), 2048 if in doubt
    public static Made rsa(int bits, String selector, String domain) {
        if (bits < LEAST_BITS) {
            throw new IllegalArgumentException(
                    "an RSA key of " + bits + " bits is not accepted anywhere (RFC 8301 §3.2); 2048 is usual");
        }
        KeyPair pair = generate("RSA", bits);
        String pem = "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString(pair.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
        return made(pem, "rsa", pair.getPublic().getEncoded(), selector, domain);
    }

    public static Made ed25519(String selector, String domain) {
        KeyPair pair = generate("Ed25519", 0);
        byte[] seed = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow();
        byte[] open = raw(pair.getPublic());
        byte[] both = Arrays.copyOf(seed, 2 * ED25519_BYTES);
        System.arraycopy(open, 0, both, ED25519_BYTES, ED25519_BYTES);
        String line = Base64.getEncoder().encodeToString(both) + "\n";
        return made(line, "ed25519", open, selector, domain);
    }

    private static KeyPair generate(String algorithm, int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            if (bits > 0) {
                generator.initialize(bits);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no " + algorithm, e);
        }
    }

    /// The 32 bytes that RFC 8463 §4.2 publishes: the end of the encoded key.
    private static byte[] raw(PublicKey key) {
        byte[] encoded = key.getEncoded();
        return Arrays.copyOfRange(encoded, encoded.length - ED25519_BYTES, encoded.length);
    }

    private static Made made(String privateKey, String type, byte[] publicKey, String selector, String domain) {
        String key = "p=" + Base64.getEncoder().encodeToString(publicKey);
        String record = "v=DKIM1; k=" + type + "; " + key;
        StringBuilder zone = new StringBuilder(selector)
                .append("._domainkey\tIN\tTXT\t( \"v=DKIM1; h=sha256; k=")
                .append(type)
                .append("; \"");
        for (int at = 0; at < key.length(); at += STRING) {
            zone.append("\n\t  \"")
                    .append(key, at, Math.min(at + STRING, key.length()))
                    .append('"');
        }
        zone.append(" )  ; ----- DKIM key ")
                .append(selector)
                .append(" for ")
                .append(domain)
                .append('\n');
        return new Made(privateKey, record, zone.toString());
    }
}
