package postern.net;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static postern.net.Loopback.async;
import static postern.net.Loopback.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import postern.peers.Commands;

/// The other end is OpenSSL's, and so are keys and certificates.
class OpenSslTest {
    @TempDir
    private Path directory = Path.of("");

    private final Deadlines deadlines = new Deadlines(new Uptime()).start();
    private final List<AutoCloseable> opened = new ArrayList<>();

    @BeforeAll
    static void isThere() {
        Commands.need("openssl");
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
        deadlines.close();
    }

    private Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        opened.add(process::destroyForcibly);
        return process;
    }

    private String run(String... arguments) throws Exception {
        Process process = start(arguments);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    private Path file(String name) {
        return directory.resolve(name);
    }

    /// A key of this kind and a self-signed certificate for mx.example.
    private ServerKeys keys(String kind) throws Exception {
        switch (kind) {
            case "rsa" -> run("genrsa", "-out", "key", "2048");
            case "pkcs1" -> run("genrsa", "-traditional", "-out", "key", "2048");
            case "sec1" -> run("ecparam", "-name", "secp384r1", "-genkey", "-out", "key");
            case "ec" -> run("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", "key");
            default -> run("genpkey", "-algorithm", kind, "-out", "key");
        }
        run("req", "-x509", "-new", "-key", "key", "-out", "crt", "-subj", "/CN=mx.example", "-days", "3");
        return ServerKeys.fromFiles(file("crt"), file("key"));
    }

    private SocketListener listen(ServerTls tls) throws IOException {
        SocketListener listener = new SocketListener(
                        new InetSocketAddress(Loopback.HOST, 0),
                        10,
                        deadlines,
                        connection -> echo(connection, tls),
                        w -> {})
                .start();
        opened.add(listener);
        return listener;
    }

    private static void echo(Connection connection, ServerTls tls) {
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        try {
            connection.deadline().in(Duration.ofSeconds(30));
            connection.startTls(tls);
            while (connection.read(buffer) >= 0) {
                connection.write(buffer.flip());
                buffer.clear();
            }
        } catch (IOException e) {
            // The client sees it.
        }
    }

    /// What to say to its client, and what to wait for in what it prints before going on.
    private record Step(String say, String await) {}

    /// Runs its client through the steps and ends it; returns all it printed.
    private String client(SocketListener listener, List<Step> steps, String... options) throws Exception {
        List<String> arguments = new ArrayList<>(
                List.of("s_client", "-connect", "127.0.0.1:" + listener.local().port(), "-servername", "mx.example"));
        arguments.addAll(List.of(options));
        Process client = start(arguments.toArray(new String[0]));
        return await(async(() -> {
            StringBuilder seen = new StringBuilder();
            byte[] bytes = new byte[8192];
            for (Step step : steps) {
                client.getOutputStream().write(step.say().getBytes(StandardCharsets.ISO_8859_1));
                client.getOutputStream().flush();
                int from = seen.length();
                for (int count = 1; seen.indexOf(step.await(), from) < 0 && count > 0; ) {
                    count = client.getInputStream().read(bytes);
                    seen.append(new String(bytes, 0, Math.max(0, count), StandardCharsets.ISO_8859_1));
                }
            }
            client.getOutputStream().close();
            return seen.append(new String(client.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                    .toString();
        }));
    }

    @ParameterizedTest
    @CsvSource({
        "rsa, -tls1_3, TLS_AES_256_GCM_SHA384",
        "pkcs1, -tls1_2, ECDHE-RSA-AES256-GCM-SHA384",
        "sec1, -tls1_2, ECDHE-ECDSA-AES256-GCM-SHA384",
        "ec, -tls1_3, TLS_AES_256_GCM_SHA384",
        "ed25519, -tls1_3, TLS_AES_256_GCM_SHA384"
    })
    void itsClientTalksToUsWithEveryKindOfKey(String kind, String protocol, String cipher) throws Exception {
        ServerKeys keys = keys(kind);
        SocketListener listener = listen(new ServerTls(() -> keys, TlsProtocols.ALL, null, Runnable::run));
        assertThat(client(listener, List.of(new Step("hello\n", "hello")), protocol))
                .contains("hello", "Cipher is " + cipher);
    }

    @Test
    void renegotiationIsRefused() throws Exception {
        ServerKeys keys = keys("ec");
        SocketListener listener = listen(new ServerTls(() -> keys, TlsProtocols.ALL, null, Runnable::run));
        String output = client(listener, List.of(new Step("R\n", "closed")), "-tls1_2");
        assertThat(output).endsWith("RENEGOTIATING\nclosed\n");
    }

    /// It changes its keys and asks us to change ours (RFC 8446 §4.6.3).
    @Test
    void keyUpdatesAreAnswered() throws Exception {
        ServerKeys keys = keys("ec");
        SocketListener listener = listen(new ServerTls(() -> keys, TlsProtocols.ALL, null, Runnable::run));
        List<Step> steps = List.of(
                new Step("one\n", "one"),
                new Step("K\n", "KEYUPDATE"),
                new Step("two\n", "two\n"),
                new Step("k\n", "KEYUPDATE"),
                new Step("three\n", "three\n"));
        String output = client(listener, steps, "-tls1_3", "-msg");
        assertThat(output).contains("<<< TLS 1.3, Handshake [length 0005], KeyUpdate");
    }

    @Test
    void itsClientGetsACloseNotify() throws Exception {
        ServerKeys keys = keys("ec");
        SocketListener listener = listen(new ServerTls(() -> keys, TlsProtocols.ALL, null, Runnable::run));
        String output = client(listener, List.of(new Step("x\n", "x\n")), "-tls1_3", "-msg");
        assertThat(output).contains("close_notify").doesNotContain("unexpected eof");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void itsServerTalksToUs(String protocol) throws Exception {
        ServerKeys keys = keys("rsa");
        try (Connection connection = dialServer(protocol)) {
            PeerCheck check = PeerCheck.fingerprint(
                    "sha256",
                    List.of(Fingerprint.ofCertificate(
                            keys.identities().getFirst().chain().getFirst(), "sha256")));
            connection.startTls(new ClientTls(check, TlsProtocols.ALL, null, Runnable::run).to("mx.example"));
            connection.write(Loopback.bytes("hello\n"));
            // s_server -rev answers each line backwards.
            assertThat(Loopback.read(connection, 6)).isEqualTo("olleh\n");
            assertThat(requireNonNull(connection.tls()).verified()).isTrue();
        }
    }

    private Connection dialServer(String... options) throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, Loopback.HOST)) {
            port = free.getLocalPort();
        }
        List<String> arguments = new ArrayList<>(
                List.of("s_server", "-accept", "127.0.0.1:" + port, "-cert", "crt", "-key", "key", "-rev", "-quiet"));
        arguments.addAll(List.of(options));
        start(arguments.toArray(new String[0]));
        Connection[] connection = new Connection[1];
        Loopback.until(() -> {
            try {
                connection[0] =
                        new DirectDialer(deadlines).dial(Endpoint.of(Loopback.HOST, port), null, Duration.ofSeconds(5));
                return true;
            } catch (IOException e) {
                return false;
            }
        });
        return connection[0];
    }

    @Test
    void aChainThatItSignedIsVerifiedWithCaFileAndHashedDirectory() throws Exception {
        run("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", "ca.key");
        run("req", "-x509", "-new", "-key", "ca.key", "-out", "ca.crt", "-subj", "/CN=Test CA", "-days", "3");
        run("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", "key");
        run("req", "-new", "-key", "key", "-out", "csr", "-subj", "/CN=mx.example");
        run("x509", "-req", "-in", "csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-out", "crt");
        String hash = run("x509", "-in", "ca.crt", "-noout", "-hash").strip();
        Path hashed = Files.createDirectory(file("certs"));
        Files.createSymbolicLink(hashed.resolve(hash + ".0"), file("ca.crt"));
        for (TrustAnchors anchors : List.of(TrustAnchors.of(file("ca.crt"), null), TrustAnchors.of(null, hashed))) {
            try (Connection connection = dialServer("-tls1_3")) {
                PeerCheck check = PeerCheck.names(anchors, List.of("mx.example"));
                connection.startTls(new ClientTls(check, TlsProtocols.ALL, null, Runnable::run).to("mx.example"));
                assertThat(requireNonNull(connection.tls()).verified()).isTrue();
            }
        }
        try (Connection connection = dialServer("-tls1_3")) {
            PeerCheck check = PeerCheck.names(TrustAnchors.of(file("ca.crt"), null), List.of("other.example"));
            assertThatThrownBy(() ->
                            connection.startTls(new ClientTls(check, TlsProtocols.ALL, null, Runnable::run).to("")))
                    .hasMessageStartingWith("Server certificate not verified");
        }
    }

    @Test
    void fingerprintsAreThoseThatItPrints() throws Exception {
        ServerKeys keys = keys("ec");
        var certificate = keys.identities().getFirst().chain().getFirst();
        for (String digest : List.of("md5", "sha1", "sha256")) {
            assertThat(run("x509", "-in", "crt", "-noout", "-fingerprint", "-" + digest))
                    .contains("=" + Fingerprint.ofCertificate(certificate, digest) + "\n");
        }
    }

    @Test
    void itReadsOurSelfSignedCertificate() throws Exception {
        SelfSigned made = Certificates.of("mail.example.com", "127.0.0.1", "::1");
        Certificates.write(file("own.crt"), made.certificatePem());
        Certificates.write(file("own.key"), made.keyPem());
        String text = run("x509", "-in", "own.crt", "-noout", "-text");
        assertThat(text)
                .contains("Subject: CN = mail.example.com")
                .contains("DNS:mail.example.com, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1")
                .contains("ecdsa-with-SHA256");
        assertThat(run("verify", "-CAfile", "own.crt", "own.crt")).contains("own.crt: OK");
        assertThat(run("pkey", "-in", "own.key", "-noout", "-text")).contains("prime256v1");
    }
}
