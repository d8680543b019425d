package postern.mailauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DkimKeyTest {
    private static final byte[] TEXT = {1, 2, 3};

    @Test
    void anRsaKeyInEveryForm() {
        String pkcs8 = DkimKeys.rsa(1024, "s", "example.com").privatePem();
        byte[] der = Base64.getMimeDecoder().decode(pkcs8.replaceAll("-----[^-]+-----", ""));
        int pkcs1 = 26; // SEQUENCE, 0, the algorithm's 15 bytes, OCTET STRING
        byte[] inner = Arrays.copyOfRange(der, pkcs1, der.length);
        String old = "-----BEGIN RSA PRIVATE KEY-----\r\n"
                + Base64.getMimeEncoder().encodeToString(inner) + "\r\n-----END RSA PRIVATE KEY-----\r\n";

        byte[] signature = DkimKey.of(pkcs8).sign(TEXT);
        assertThat(DkimKey.of(old).sign(TEXT)).isEqualTo(signature);
        assertThat(DkimKey.of(Base64.getEncoder().encodeToString(der)).sign(TEXT))
                .isEqualTo(signature);
        assertThat(DkimKey.of(Base64.getEncoder().encodeToString(inner)).sign(TEXT))
                .isEqualTo(signature);
    }

    @Test
    void anEd25519KeyInEveryForm() {
        String both = DkimKeys.ed25519("s", "example.com").privatePem();
        byte[] seed = Arrays.copyOf(Base64.getDecoder().decode(both.strip()), 32);
        byte[] der = new Bytes(48)
                .put(HexFormat.of().parseHex("302e020100300506032b657004220420"))
                .put(seed)
                .done();
        String line = Base64.getEncoder().encodeToString(der);

        byte[] signature = DkimKey.of(both).sign(TEXT);
        assertThat(DkimKey.of(Base64.getEncoder().encodeToString(seed)).sign(TEXT))
                .isEqualTo(signature);
        assertThat(DkimKey.of(line).sign(TEXT)).isEqualTo(signature);
        assertThat(DkimKey.of("-----BEGIN PRIVATE KEY-----\n" + line + "\n-----END PRIVATE KEY-----\n")
                        .sign(TEXT))
                .isEqualTo(signature);
    }

    @ParameterizedTest
    @CsvSource({
        "'', broken",
        "AAAA, broken",
        "!, neither PEM nor Base64",
        "'-----BEGIN PRIVATE KEY-----\nAAAA', does not end",
        "'-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----', broken",
        "'-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----', no private key for RSA or Ed25519",
        "'-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', no private key",
        "'-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----', encrypted",
        "'-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK: x\n\nAAAA\n-----END RSA PRIVATE KEY-----', encrypted",
    })
    void whatIsNoKeyIsNamed(String text, String why) {
        assertThatIllegalArgumentException().isThrownBy(() -> DkimKey.of(text)).withMessageContaining(why);
    }

    /// RFC 8301 §3.2: RSA below 1024 bits is not accepted by verifiers.
    @Test
    void shortKeysAreRefused() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(768);
        String key = Base64.getEncoder()
                .encodeToString(generator.generateKeyPair().getPrivate().getEncoded());

        assertThatIllegalArgumentException().isThrownBy(() -> DkimKey.of(key)).withMessageContaining("768 bits");
    }
}
