package postern;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import postern.peers.Commands;
import postern.peers.Sender;

/// Guesses at SMTP and at POP3 are counted in one place, and bans hold at both, over a reload and a restart.
class PrivateBansTest {
    private static final String HERE = "127.0.0.1";

    @TempDir
    private Path directory;

    private PrivateHome home;

    /// The client of the test speaks for others: who it says that it is can be banned, it itself cannot.
    @BeforeEach
    void begin() throws IOException {
        home = new PrivateHome(directory)
                .write("postfix-accounts.cf", "you@example.com|{PLAIN}secret\n")
                .add("postfix-main.cf", "smtpd_authorized_xclient_hosts = 127.0.0.1\nsmtpd_tls_auth_only = no\n")
                .add("postfix-main.cf", "smtpd_hard_error_limit = 1000\nsmtpd_soft_error_limit = 1000\n")
                .write("postfix-master.cf", "submission/inet/smtpd_tls_security_level=may\n")
                .add("mailserver.env", "ENABLE_FAIL2BAN=1\n")
                .write("fail2ban-jail.cf", "[DEFAULT]\nmaxretry = 2\nignoreip = 127.0.0.1/8 203.0.113.0/24\n");
    }

    @AfterEach
    void end() {
        home.close();
    }

    private static String plain(String password) {
        byte[] message = ("\0you@example.com\0" + password).getBytes(StandardCharsets.UTF_8);
        return "AUTH PLAIN " + Base64.getEncoder().encodeToString(message);
    }

    private String greeting(String address) throws IOException {
        try (Sender sender = new Sender(HERE, home.port(587))) {
            return sender.command("XCLIENT ADDR=" + address);
        }
    }

    private String login(String address, String password) throws IOException {
        try (Sender sender = new Sender(HERE, home.port(587))) {
            String greeting = sender.command("XCLIENT ADDR=" + address);
            if (!greeting.startsWith("220")) {
                return greeting;
            }
            sender.command("EHLO client.example");
            return sender.command(plain(password));
        }
    }

    /// As the command line runs it; a refusal is its exit code alone.
    private String setup(String... words) throws IOException {
        Stream<String> all = Stream.concat(
                Stream.of(
                        "setup",
                        "-c",
                        home.config().toString(),
                        "--state",
                        home.state().toString(),
                        "--mail",
                        home.directory.resolve("mail").toString()),
                Arrays.stream(words));
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(said, true, StandardCharsets.UTF_8);
        int code = Postern.run(all.toArray(String[]::new), print, print);
        return code == 0 ? said.toString(StandardCharsets.UTF_8) : "exit code " + code;
    }

    @Test
    void guessesBanANetworkFromAllServices() throws IOException {
        home.start();
        assertThat(login("198.51.100.7", "wrong")).startsWith("535");
        assertThat(login("198.51.100.7", "wrong"))
                .as("the same is no new guess")
                .startsWith("535");
        home.server().reload();
        assertThat(login("198.51.100.7", "guess")).startsWith("535");

        assertThat(greeting("198.51.100.7"))
                .isEqualTo("421 4.7.0 Error: access denied for unknown[198.51.100.7]: banned");
        assertThat(greeting("198.51.100.8")).startsWith("220");
        assertThat(setup("fail2ban")).isEqualTo("Banned in login: 198.51.100.7\n");
        home.server().reload();
        assertThat(greeting("198.51.100.7")).startsWith("421");
        Commands.await("the file of bans", Duration.ofSeconds(60), () -> Files.exists(bans()));
        home.restart();
        assertThat(greeting("198.51.100.7")).startsWith("421");
        assertThat(setup("fail2ban", "unban", "198.51.100.7")).isEqualTo("Unbanned IP from login: 1\n");
        assertThat(login("198.51.100.7", "secret")).startsWith("235");
    }

    private Path bans() {
        return home.state().resolve("queue/postern/bans");
    }

    @Test
    void trustedHostsAreNeverBanned() throws IOException {
        home.write("postfix-relaymap.cf", "@example.com [198.51.100.25]:25\n").start();
        for (String trusted : List.of("203.0.113.9", "198.51.100.25", "127.0.0.1")) {
            for (int i = 0; i < 3; i++) {
                assertThat(login(trusted, "guess" + i)).startsWith("535");
            }
            assertThat(login(trusted, "secret")).startsWith("235");
            assertThat(setup("fail2ban", "ban", trusted)).isEqualTo("exit code 1");
        }
        assertThat(setup("fail2ban")).contains("No IPs have been banned");
    }

    @Test
    void bansByHandHoldAtOnce() throws IOException {
        home.start();
        assertThat(setup("fail2ban", "ban", "198.51.100.0/24")).isEqualTo("Banned custom IP: 1\n");

        assertThat(greeting("198.51.100.99")).startsWith("421");
        assertThat(setup("fail2ban", "ban", "198.51.100.0/24")).isEqualTo("exit code 1");
        assertThat(setup("fail2ban", "ban", "198.51.100.1/24")).isEqualTo("exit code 1");
        assertThat(setup("fail2ban", "ban", "nonsense")).isEqualTo("exit code 1");
        assertThat(setup("fail2ban", "unban", "198.51.100.0/24")).isEqualTo("Unbanned IP from custom: 1\n");
        assertThat(greeting("198.51.100.99")).startsWith("220");
    }
}
