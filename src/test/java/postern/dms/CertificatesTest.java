package postern.dms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import postern.config.ConfigException;
import postern.net.SelfSigned;
import postern.net.ServerKeys;

class CertificatesTest {
    private static final SelfSigned ONE =
            SelfSigned.of(List.of("mail.example.com"), Instant.parse("2026-01-01T00:00:00Z"), Duration.ofDays(999));
    private static final SelfSigned OTHER =
            SelfSigned.of(List.of("example.com"), Instant.parse("2026-01-01T00:00:00Z"), Duration.ofDays(999));

    @TempDir
    private Path directory;

    private DmsVolume volume;

    @BeforeEach
    void volume() {
        volume = new DmsVolume(directory);
    }

    /// The certificate that the settings lead to, with its key.
    private String served() {
        DmsConfig config = volume.read();
        Path certificate = Path.of(String.valueOf(config.conf().text("smtpd_tls_cert_file")));
        Path key = Path.of(String.valueOf(config.conf().text("smtpd_tls_key_file")));
        try {
            assertThat(ServerKeys.fromFiles(certificate, key).identities()).hasSize(1);
            return Files.readString(certificate);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void letsencrypt(String file, String text) {
        try {
            Path path = volume.letsencrypt().resolve(file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String acme(String domain, String sans, SelfSigned made) {
        return """
                {"le": {"Account": {"Email": "a\\u0040b", "n": 1.5e3, "x": null}, "Certificates": [
                  {"domain": {"main": "%s", "sans": [%s]}, "certificate": "%s", "key": "%s", "Store": "default"}]},
                 "none": {"Certificates": null}}
                """.formatted(domain, sans, base64(made.certificatePem()), base64(made.keyPem()));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void withoutATypeOneIsMadeAndKept() {
        String first = served();
        assertThat(served()).isEqualTo(first);
        assertThat(volume.read().announcements())
                .anyMatch(line -> line.startsWith("SSL_TYPE is not set: a self-made certificate for mail.example.com"));
        assertThat(volume.hostname("other.example.com").read().conf().text("smtpd_tls_cert_file"))
                .contains("other.example.com");
    }

    @Test
    void letsencryptLooksForTheHostThenForItsDomain() {
        volume.set("SSL_TYPE", "letsencrypt");
        assertThatThrownBy(volume::read)
                .isInstanceOf(ConfigException.class)
                .hasMessage("environment: SSL_TYPE=letsencrypt: " + volume.letsencrypt()
                        + ": no live/ directory, and nothing in acme.json, for mail.example.com, example.com");
        letsencrypt("live/example.com/fullchain.pem", OTHER.certificatePem());
        letsencrypt("live/example.com/key.pem", OTHER.keyPem());
        assertThat(served()).isEqualTo(OTHER.certificatePem());
        letsencrypt("live/mail.example.com/fullchain.pem", ONE.certificatePem());
        letsencrypt("live/mail.example.com/privkey.pem", ONE.keyPem());
        assertThat(served()).isEqualTo(ONE.certificatePem());
        volume.set("SSL_DOMAIN", "*.example.com");
        assertThat(served()).as("the star is left out").isEqualTo(OTHER.certificatePem());
    }

    @Test
    void acmeJsonGoesBeforeFiles() {
        volume.set("SSL_TYPE", "letsencrypt");
        letsencrypt("live/mail.example.com/fullchain.pem", OTHER.certificatePem());
        letsencrypt("live/mail.example.com/privkey.pem", OTHER.keyPem());
        letsencrypt("acme.json", acme("other.example", "\"x.example\", \"Mail.example.com\"", ONE));
        assertThat(served()).isEqualTo(ONE.certificatePem());
        assertThat(volume.read().watched()).contains(volume.letsencrypt().resolve("acme.json"));
        letsencrypt("acme.json", acme("other.example", "", ONE));
        assertThat(served()).isEqualTo(OTHER.certificatePem());
        letsencrypt("acme.json", acme("*.example.com", "", ONE));
        volume.set("SSL_DOMAIN", "*.example.com");
        assertThat(served()).isEqualTo(ONE.certificatePem());
        letsencrypt("acme.json", "{\"le\": {\n\"Certificates\": [}}");
        assertThatThrownBy(volume::read)
                .hasMessage(volume.letsencrypt().resolve("acme.json") + ": line 2: a value is needed");
    }

    @Test
    void manualHasASecondOneToo() {
        volume.set("SSL_TYPE", "manual").set("SSL_CERT_PATH", "/tmp/docker-mailserver/tls/cert.pem");
        assertThatThrownBy(volume::read).hasMessage("environment: SSL_TYPE=manual: SSL_KEY_PATH is not set");
        volume.set("SSL_KEY_PATH", "/tmp/docker-mailserver/tls/key.pem");
        assertThatThrownBy(volume::read)
                .hasMessage("environment: SSL_TYPE=manual: " + volume.directory
                        + "/tls/cert.pem: no such file; a PEM file belongs there");
        volume.with("tls/cert.pem", ONE.certificatePem()).with("tls/key.pem", ONE.keyPem());
        assertThat(served()).isEqualTo(ONE.certificatePem());
        volume.with("tls/cert2.pem", OTHER.certificatePem())
                .with("tls/key2.pem", OTHER.keyPem())
                .set("SSL_ALT_CERT_PATH", "/tmp/docker-mailserver/tls/cert2.pem")
                .set("SSL_ALT_KEY_PATH", "/tmp/docker-mailserver/tls/key2.pem");
        DmsConfig config = volume.read();
        assertThat(config.conf().text("smtpd_tls_eccert_file")).isEqualTo(volume.directory + "/tls/cert2.pem");
        assertThat(config.conf().text("smtpd_tls_eckey_file")).isEqualTo(volume.directory + "/tls/key2.pem");
    }

    @Test
    void customAndSelfSignedLieInTheVolume() {
        volume.set("SSL_TYPE", "custom").with("ssl/mail.example.com-full.pem", ONE.keyPem() + ONE.certificatePem());
        assertThat(served()).endsWith(ONE.certificatePem());
        volume.set("SSL_TYPE", "self-signed")
                .with("ssl/mail.example.com-key.pem", OTHER.keyPem())
                .with("ssl/mail.example.com-cert.pem", OTHER.certificatePem());
        assertThatThrownBy(volume::read).hasMessageContaining("ssl/demoCA/cacert.pem: no such file");
        volume.with("ssl/demoCA/cacert.pem", OTHER.certificatePem());
        assertThat(served()).isEqualTo(OTHER.certificatePem());
        volume.set("SSL_TYPE", "bought");
        assertThatThrownBy(volume::read)
                .hasMessage(
                        "environment: SSL_TYPE=bought: one of letsencrypt, manual, custom, self-signed is needed, or none");
    }
}
