package postern.mailauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class DkimKeysTest {
    private static final byte[] TEXT = "from:a@example.com".getBytes(StandardCharsets.US_ASCII);

    @Test
    void anRsaKeySignsWhatItsRecordVerifies() throws GeneralSecurityException {
        DkimKeys.Made made = DkimKeys.rsa(2048, "mail", "example.com");

        assertThat(made.privatePem())
                .startsWith("-----BEGIN PRIVATE KEY-----\n")
                .endsWith("\n-----END PRIVATE KEY-----\n");
        assertThat(made.dnsRecord()).matches("v=DKIM1; k=rsa; p=[A-Za-z0-9+/]+=*");
        DkimKey key = DkimKey.of(made.privatePem());
        assertThat(key.algorithm()).isEqualTo(DkimKey.Algorithm.RSA_SHA256);
        assertThat(verifies("RSA", "SHA256withRSA", published(made), TEXT, key.sign(TEXT)))
                .isTrue();
    }

    @Test
    void anEd25519KeySignsTheHashThatItsRecordVerifies() throws GeneralSecurityException {
        DkimKeys.Made made = DkimKeys.ed25519("ed", "example.com");

        assertThat(Base64.getDecoder().decode(made.privatePem().strip()))
                .hasSize(64)
                .endsWith(published(made));
        assertThat(made.dnsRecord()).matches("v=DKIM1; k=ed25519; p=[A-Za-z0-9+/]{43}=");
        DkimKey key = DkimKey.of(made.privatePem());
        assertThat(key.algorithm()).isEqualTo(DkimKey.Algorithm.ED25519_SHA256);
        byte[] spki = concat(HexFormat.of().parseHex("302a300506032b6570032100"), published(made));
        assertThat(verifies("Ed25519", "Ed25519", spki, Sha256.of(TEXT), key.sign(TEXT)))
                .isTrue();
    }

    /// The form of opendkim-genkey 2.11.
    @Test
    void aZoneSnippetIsCutIntoStringsThatARecordCanHold() {
        DkimKeys.Made made = DkimKeys.rsa(4096, "s1", "example.com");

        String[] lines = made.zoneSnippet().split("\n", -1);
        assertThat(lines[0]).isEqualTo("s1._domainkey\tIN\tTXT\t( \"v=DKIM1; h=sha256; k=rsa; \"");
        assertThat(lines[1]).startsWith("\t  \"p=MII").hasSize(257).endsWith("\"");
        assertThat(lines[2]).hasSize(257);
        assertThat(lines[3]).endsWith("\" )  ; ----- DKIM key s1 for example.com");
        assertThat(lines).hasSize(5);
        assertThat(made.zoneSnippet()
                        .replaceAll("(?s)^[^\"]*\"|\"[^\"]*\"|\"[^\"]*$", "")
                        .replace("h=sha256; ", ""))
                .isEqualTo(made.dnsRecord());
    }

    @Test
    void shortRsaKeysAreNotMade() {
        assertThatIllegalArgumentException().isThrownBy(() -> DkimKeys.rsa(512, "mail", "example.com"));
    }

    private static byte[] published(DkimKeys.Made made) {
        return Base64.getDecoder().decode(made.dnsRecord().replaceFirst(".*p=", ""));
    }

    private static boolean verifies(String kind, String algorithm, byte[] spki, byte[] text, byte[] signature)
            throws GeneralSecurityException {
        PublicKey key = KeyFactory.getInstance(kind).generatePublic(new X509EncodedKeySpec(spki));
        Signature verifier = Signature.getInstance(algorithm);
        verifier.initVerify(key);
        verifier.update(text);
        return verifier.verify(signature);
    }

    private static byte[] concat(byte[] front, byte[] back) {
        byte[] all = new byte[front.length + back.length];
        System.arraycopy(front, 0, all, 0, front.length);
        System.arraycopy(back, 0, all, front.length, back.length);
        return all;
    }
}
