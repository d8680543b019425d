package postern;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.peers.Commands;
import postern.peers.LineTalk;

/// Logins with access tokens (`ENABLE_OAUTH2`), by curl; the provider is the JDK's own HTTP server.
class PrivateTokensTest {
    @TempDir
    private Path directory;

    private final HttpServer provider = provider();
    private volatile int status = 200;
    private PrivateHome home;

    private static HttpServer provider() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void begin() throws IOException {
        provider.createContext("/userinfo", exchange -> {
            boolean good = "Bearer good".equals(exchange.getRequestHeaders().getFirst("Authorization"));
            byte[] answer = "{\"email\":\"you@example.com\"}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(good ? status : 401, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        provider.start();
        home = new PrivateHome(directory)
                .write("postfix-accounts.cf", "you@example.com|" + PrivateHome.hash("secret") + "\n")
                .add(
                        "mailserver.env",
                        "SPOOF_PROTECTION=1\nENABLE_OAUTH2=1\nOAUTH2_INTROSPECTION_URL=http://127.0.0.1:"
                                + provider.getAddress().getPort() + "/userinfo\n")
                .start();
    }

    @AfterEach
    void end() {
        home.close();
        provider.stop(0);
    }

    private Commands.Output curl(String mechanism, String token, String... more) throws IOException {
        Commands.need("curl");
        List<String> command = new ArrayList<>(List.of(
                "curl",
                "--silent",
                "--show-error",
                "--insecure",
                "--max-time",
                "60",
                "--login-options",
                "AUTH=" + mechanism,
                "--oauth2-bearer",
                token,
                "--user",
                "you@example.com"));
        command.addAll(List.of(more));
        return Commands.tryRun(command.toArray(new String[0]));
    }

    private Commands.Output submit(String mechanism, String token) throws IOException {
        Path text = Files.writeString(directory.resolve("text"), "Subject: by token\r\n\r\nhello\r\n");
        return curl(
                mechanism,
                token,
                "--url",
                "smtps://127.0.0.1:" + home.port(465),
                "--mail-from",
                "you@example.com",
                "--mail-rcpt",
                "you@example.com",
                "--upload-file",
                text.toString());
    }

    private Commands.Output read(String mechanism, String token) throws IOException {
        return curl(mechanism, token, "--url", "pop3s://127.0.0.1:" + home.port(995) + "/1");
    }

    /// curl takes OAUTHBEARER where that is offered, whatever it was told to.
    @ParameterizedTest
    @ValueSource(strings = {"OAUTHBEARER", "XOAUTH2"})
    void aTokenSendsAndReads(String mechanism) throws IOException {
        assertThat(submit(mechanism, "good"))
                .satisfies(
                        output -> assertThat(output.status()).as(output.text()).isZero());
        assertThat(read(mechanism, "good").text()).contains("Subject: by token", "hello");
        assertThat(home.log())
                .anyMatch(line -> line.matches(".*sasl_method=(OAUTHBEARER|XOAUTH2), sasl_username=you@example.com.*"))
                .noneMatch(line -> line.contains("good"));
    }

    /// The status is curl's for a login that was refused.
    @ParameterizedTest
    @ValueSource(strings = {"OAUTHBEARER", "XOAUTH2"})
    void aWrongTokenDoesNot(String mechanism) throws IOException {
        assertThat(submit(mechanism, "bad").status()).isEqualTo(67);
        assertThat(read(mechanism, "bad").status()).isEqualTo(67);
    }

    @Test
    void aProviderThatFailsIsATemporaryFailure() throws IOException {
        status = 503;
        assertThat(curl(
                                "OAUTHBEARER",
                                "good",
                                "--verbose",
                                "--url",
                                "smtps://127.0.0.1:" + home.port(465),
                                "--mail-from",
                                "you@example.com",
                                "--mail-rcpt",
                                "you@example.com",
                                "--upload-file",
                                "/dev/null")
                        .text())
                .contains("454 4.7.0");
        assertThat(curl("OAUTHBEARER", "good", "--verbose", "--url", "pop3s://127.0.0.1:" + home.port(995))
                        .text())
                .contains("-ERR [SYS/TEMP]");
    }

    @Test
    void tokensAreNotOfferedInClear() throws IOException {
        try (LineTalk pop3 = new LineTalk("127.0.0.1", home.port(110))) {
            assertThat(String.join("\n", pop3.list("CAPA"))).contains("PLAIN").doesNotContain("OAUTH");
            assertThat(pop3.ask("AUTH OAUTHBEARER")).startsWith("-ERR");
        }
    }
}
