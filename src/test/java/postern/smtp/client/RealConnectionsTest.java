package postern.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static postern.smtp.client.SmtpDialogTest.FROM;
import static postern.smtp.client.SmtpDialogTest.to;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.net.Deadlines;
import postern.net.DirectDialer;
import postern.net.Fingerprint;
import postern.net.SelfSigned;
import postern.net.ServerKeys;
import postern.net.ServerTls;
import postern.net.TlsFacts;
import postern.net.TlsProtocols;
import postern.net.Trust;
import postern.net.Uptime;

/// The client over sockets and TLS as they are.
class RealConnectionsTest {
    private static final SelfSigned CERTIFICATE =
            SelfSigned.of(List.of("localhost"), Instant.now().minusSeconds(3600), Duration.ofDays(1));

    private final Deadlines deadlines = new Deadlines(new Uptime()).start();
    private final DirectDialer dialer = new DirectDialer(deadlines);
    private final ClientSetup setup = new ClientSetup().set("smtp_tls_loglevel", "1");

    @AfterEach
    void stop() {
        deadlines.close();
    }

    private static ServerTls tls() {
        ServerKeys keys = new ServerKeys(List.of(CERTIFICATE.identity()));
        return new ServerTls(() -> keys, TlsProtocols.ALL, null, Runnable::run);
    }

    private MiniServer server(boolean wrapped, String... keywords) throws Exception {
        return new MiniServer(deadlines, tls(), wrapped, keywords);
    }

    private SmtpDialog open(MiniServer server) throws SmtpFailure {
        return setup.realClient(dialer).open("[127.0.0.1]:" + server.port());
    }

    private static List<Outcome> send(SmtpDialog dialog, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return dialog.send(FROM, List.of(to("one@b.example")), MessageText.of(bytes));
    }

    @Test
    void encryptedToWhomeverAtLevelMay() throws Exception {
        setup.set("smtp_tls_security_level", "may");
        try (MiniServer server = server(false, "PIPELINING", "CHUNKING")) {
            SmtpDialog dialog = open(server);
            TlsFacts facts = Objects.requireNonNull(dialog.tls());
            assertThat(facts.protocol()).isEqualTo("TLSv1.3");
            assertThat(facts.verified()).isFalse();
            assertThat(setup.log())
                    .singleElement()
                    .asString()
                    .startsWith("smtp: Untrusted TLS connection established to 127.0.0.1[127.0.0.1]:" + server.port()
                            + ": TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)");
            assertThat(send(dialog, "small\r\n")).hasOnlyElementsOfType(Outcome.Accepted.class);
            String large = ".line of text\r\n".repeat(100_000);
            assertThat(send(dialog, large)).hasOnlyElementsOfType(Outcome.Accepted.class);
            dialog.quit();
            assertThat(server.texts()).containsExactly("small\r\n", large);
        }
    }

    @Test
    void verifiedByAuthorityAndName(@TempDir Path directory) throws Exception {
        Path authorities = Files.writeString(directory.resolve("ca.pem"), CERTIFICATE.certificatePem());
        setup.set("smtp_tls_CAfile", authorities.toString())
                .set("smtp_tls_security_level", "secure")
                .set("smtp_tls_secure_cert_match", "localhost");
        try (MiniServer server = server(false)) {
            SmtpDialog dialog = open(server);
            assertThat(Objects.requireNonNull(dialog.tls()).verified()).isTrue();
            dialog.quit();
            setup.set("smtp_tls_secure_cert_match", "nexthop");
            SmtpFailure name = catchThrowableOfType(SmtpFailure.class, () -> open(server));
            assertThat(name.status()).hasToString("4.7.5");
            assertThat(name.text()).startsWith("Server certificate not verified");
            setup.set("smtp_tls_CAfile", "");
            SmtpFailure authority = catchThrowableOfType(SmtpFailure.class, () -> open(server));
            assertThat(authority.text()).startsWith("Server certificate not trusted");
            assertThat(setup.log())
                    .first()
                    .asString()
                    .startsWith("smtp: Verified TLS connection established to 127.0.0.1[127.0.0.1]:");
            assertThat(setup.log())
                    .last()
                    .asString()
                    .startsWith("smtp: certificate verification failed for 127.0.0.1[127.0.0.1]:" + server.port()
                            + ": not trusted: ");
            assertThat(server.commands()).noneMatch(line -> line.startsWith("MAIL"));
        }
    }

    /// What the name in the certificate is nobody asks at these levels: Postfix then says Trusted.
    @ParameterizedTest
    @ValueSource(strings = {"may", "encrypt"})
    void trustedWhenAnAuthorityVouchesForIt(String level, @TempDir Path directory) throws Exception {
        Path authorities = Files.writeString(directory.resolve("ca.pem"), CERTIFICATE.certificatePem());
        setup.set("smtp_tls_CAfile", authorities.toString()).set("smtp_tls_security_level", level);
        try (MiniServer server = server(false)) {
            SmtpDialog dialog = open(server);
            assertThat(Objects.requireNonNull(dialog.tls()).trust()).isEqualTo(Trust.TRUSTED);
            dialog.quit();
            assertThat(setup.log())
                    .singleElement()
                    .asString()
                    .startsWith("smtp: Trusted TLS connection established to 127.0.0.1[127.0.0.1]:" + server.port());
        }
    }

    @Test
    void verifiedByFingerprintInWrapperMode() throws Exception {
        setup.set("smtp_tls_wrappermode", "yes")
                .set("smtp_tls_security_level", "fingerprint")
                .set("smtp_tls_fingerprint_digest", "sha256")
                .set("smtp_tls_fingerprint_cert_match", Fingerprint.ofCertificate(CERTIFICATE.certificate(), "sha256"));
        try (MiniServer server = server(true, "PIPELINING")) {
            SmtpDialog dialog = open(server);
            send(dialog, "x\r\n");
            dialog.quit();
            assertThat(server.texts()).containsExactly("x\r\n");
            setup.set("smtp_tls_fingerprint_cert_match", "00:11");
            SmtpFailure failure = catchThrowableOfType(SmtpFailure.class, () -> open(server));
            assertThat(failure.text()).startsWith("Server certificate not verified");
        }
    }

    @Test
    void aServerThatSaysNothingIsLeftInTime() throws Exception {
        setup.set("smtp_helo_timeout", "1s");
        try (java.net.ServerSocket silent =
                new java.net.ServerSocket(0, 10, java.net.InetAddress.getLoopbackAddress())) {
            SmtpFailure failure = catchThrowableOfType(
                    SmtpFailure.class, () -> setup.realClient(dialer).open("[127.0.0.1]:" + silent.getLocalPort()));
            assertThat(failure.text())
                    .isEqualTo(
                            "conversation with 127.0.0.1[127.0.0.1] timed out while receiving the initial server greeting");
        }
    }

    @Test
    void aPortThatNobodyListensOnIsRefused() throws Exception {
        int port;
        try (java.net.ServerSocket gone = new java.net.ServerSocket(0)) {
            port = gone.getLocalPort();
        }
        SmtpFailure failure = catchThrowableOfType(
                SmtpFailure.class, () -> setup.realClient(dialer).open("[127.0.0.1]:" + port));
        assertThat(failure.text()).isEqualTo("connect to 127.0.0.1[127.0.0.1]:" + port + ": Connection refused");
    }
}
