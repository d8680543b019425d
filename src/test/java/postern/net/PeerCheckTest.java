package postern.net;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerCheckTest {
    private static final SelfSigned MX = Certificates.of("mx.example", "*.hosts.example", "192.0.2.1", "2001:db8::1");
    private static final SelfSigned OTHER = Certificates.of("mx.example");

    @TempDir
    private Path directory = Path.of("");

    private final Deadlines deadlines = new Deadlines(new TestClock());

    private static boolean matches(String... names) {
        CertificateNames found = CertificateNames.of(MX.certificate());
        return List.of(names).stream().allMatch(found::matches);
    }

    @Test
    void namesMatchAsRfc6125HasIt() {
        assertThat(matches("mx.example", "MX.Example", "mx.example.", "a.hosts.example", "192.0.2.1"))
                .isTrue();
        assertThat(matches("2001:db8:0:0:0:0:0:1")).isTrue();
        for (String other : List.of("x.mx.example", "hosts.example", "a.b.hosts.example", "example", "192.0.2.2")) {
            assertThat(matches(other)).as(other).isFalse();
        }
        assertThat(matches(".example", ".hosts.example")).isTrue();
        assertThat(matches(".mx.example")).isFalse();
        assertThat(matches(".ample")).isFalse();
    }

    @Test
    void aWildcardNeverCoversATopLevelDomain() {
        CertificateNames names =
                CertificateNames.of(Certificates.of("*.example").certificate());
        assertThat(names.matches("mx.example")).isFalse();
    }

    @Test
    void fingerprintsOfCertificateAndKeyAreTaken() throws Exception {
        List<java.security.cert.X509Certificate> chain = List.of(MX.certificate());
        String certificate = Fingerprint.ofCertificate(MX.certificate(), "sha256");
        String key = Fingerprint.ofPublicKey(MX.certificate(), "sha1");
        assertThat(certificate).matches("([0-9A-F]{2}:){31}[0-9A-F]{2}");
        assertThat(key).matches("([0-9A-F]{2}:){19}[0-9A-F]{2}");
        PeerCheck.fingerprint("sha256", List.of(certificate.toLowerCase(Locale.ROOT)))
                .check(chain);
        PeerCheck.fingerprint("sha1", List.of(key.replace(":", ""))).check(chain);
        assertThat(PeerCheck.fingerprint("sha1", List.of(key)).trust(chain)).isEqualTo(Trust.VERIFIED);
        assertThatThrownBy(() -> PeerCheck.fingerprint(
                                "sha256", List.of(Fingerprint.ofCertificate(OTHER.certificate(), "sha256")))
                        .check(chain))
                .isInstanceOf(CertificateException.class)
                .hasMessage("Server certificate not verified: its fingerprint is " + certificate);
        assertThatThrownBy(() -> Fingerprint.ofCertificate(MX.certificate(), "crc32"))
                .hasMessageContaining("sha256 is right");
    }

    @Test
    void aTrustedChainWithTheRightNameVerifies() throws Exception {
        Path file = Certificates.write(directory.resolve("ca.pem"), MX.certificatePem());
        TrustAnchors anchors = TrustAnchors.of(file, null);
        ClientTls client = new ClientTls(
                PeerCheck.names(anchors, List.of(".hosts.example", "mx.example")),
                TlsProtocols.ALL,
                null,
                Runnable::run);
        try (Loopback pair = Loopback.openTls(deadlines, Certificates.server(MX), client.to("mx.example"))) {
            assertThat(requireNonNull(pair.client().tls()).verified()).isTrue();
        }
    }

    @Test
    void anUntrustedOrMisnamedServerIsRefusedAndTheReasonIsInTheError() throws Exception {
        Certificates.write(directory.resolve("one.pem"), MX.certificatePem());
        Certificates.write(directory.resolve("broken.pem"), "-----BEGIN CERTIFICATE-----\n");
        TrustAnchors anchors = TrustAnchors.of(null, directory);
        refused(PeerCheck.names(anchors, List.of("mx.example")), OTHER, "Server certificate not trusted: ");
        refused(PeerCheck.names(anchors, List.of("no.example")), MX, "Server certificate not verified: it is made out");
        refused(PeerCheck.names(TrustAnchors.system(), List.of("mx.example")), MX, "Server certificate not trusted: ");
        SelfSigned expired =
                SelfSigned.of(List.of("mx.example"), Instant.now().minus(Duration.ofDays(10)), Duration.ofDays(5));
        Path file = Certificates.write(directory.resolve("expired.crt"), expired.certificatePem());
        refused(
                PeerCheck.names(TrustAnchors.of(file, null), List.of("mx.example")),
                expired,
                "Server certificate not trusted: ");
    }

    private void refused(PeerCheck check, SelfSigned shown, String why) throws Exception {
        ClientTls client = new ClientTls(check, TlsProtocols.ALL, null, Runnable::run);
        try (Loopback pair = Loopback.open(deadlines)) {
            var server = Loopback.async(() -> {
                pair.server().startTls(Certificates.server(shown));
                return true;
            });
            assertThatThrownBy(() -> pair.client().startTls(client.to("mx.example")))
                    .hasMessageStartingWith(why);
            assertThatThrownBy(() -> Loopback.await(server)).cause().hasMessageContaining("alert");
        }
    }
}
