package postern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.apache.commons.codec.digest.Sha2Crypt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import postern.log.MailLog;
import postern.net.Deadlines;
import postern.net.DirectDialer;
import postern.net.Uptime;
import postern.peers.Sender;
import postern.peers.Sink;

/// A whole private server from a config volume: mail in, read by POP3; mail out, by a login.
class PrivateServerTest {
    private static final int[] PORTS = {25, 110, 465, 587, 995};

    @TempDir
    private Path directory;

    private final Deadlines deadlines = new Deadlines(new Uptime()).start();
    private final List<String> log = new ArrayList<>();
    private final Sink relay = sink();
    private final int offset = freeOffset();
    private PrivateServer server;

    private static Sink sink() {
        try {
            return new Sink("127.0.0.1", 0);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /// So much above the well-known ports all of them are free.
    private static int freeOffset() {
        for (int offset = 20_000; offset < 60_000; offset += 1_777) {
            if (isFree(offset)) {
                return offset;
            }
        }
        throw new IllegalStateException("no ports are free");
    }

    private static boolean isFree(int offset) {
        for (int port : PORTS) {
            try (ServerSocket socket = new ServerSocket(port + offset)) {
                assertThat(socket.isBound()).isTrue();
            } catch (IOException e) {
                return false;
            }
        }
        return true;
    }

    @BeforeEach
    void start() throws IOException {
        Path config = Files.createDirectories(directory.resolve("config"));
        Files.writeString(
                config.resolve("postfix-accounts.cf"),
                "you@example.com|{SHA512-CRYPT}" + Sha2Crypt.sha512Crypt("secret".getBytes(StandardCharsets.UTF_8))
                        + "\n");
        Files.writeString(config.resolve("postfix-virtual.cf"), "alias@example.com you@example.com\n");
        Files.writeString(config.resolve("postfix-relaymap.cf"), "@example.com [127.0.0.1]:" + relay.port() + "\n");
        // nobody here knows the domains of the test
        Files.writeString(
                config.resolve("postfix-main.cf"),
                Files.readString(Path.of("conf/private/postfix-main.cf"))
                        + "\ndms_smtpd_sender_restrictions = permit_sasl_authenticated\nsmtpd_peername_lookup = no\n");
        Files.writeString(config.resolve("mailserver.env"), """
                OVERRIDE_HOSTNAME=mail.home.example.com
                ENABLE_POP3=1
                POSTERN_CLEARTEXT_AUTH=1
                """);
        PrivateServer.Places places = new PrivateServer.Places(
                config,
                Files.createDirectories(directory.resolve("mail")),
                Files.createDirectories(directory.resolve("state")),
                Map.of());
        MailLog lines = (service, text) -> {
            synchronized (log) {
                log.add(service + ": " + text);
            }
        };
        server = PrivateServer.start(
                places.read(),
                places,
                new PublicServer.Surroundings(lines, new DirectDialer(deadlines), deadlines, offset));
    }

    @AfterEach
    void stop() throws IOException {
        if (server != null) {
            server.close();
        }
        deadlines.close();
        relay.close();
    }

    /// A POP3 client.
    private final class Pop3 implements AutoCloseable {
        private final Socket socket = new Socket(InetAddress.getLoopbackAddress(), 110 + offset);
        private final BufferedReader in =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));

        Pop3() throws IOException {
            socket.setSoTimeout(60_000);
            assertThat(in.readLine()).startsWith("+OK");
        }

        String ask(String command) throws IOException {
            socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
            return in.readLine();
        }

        List<String> lines(String command) throws IOException {
            assertThat(ask(command)).startsWith("+OK");
            List<String> lines = new ArrayList<>();
            for (String line = in.readLine(); !line.equals("."); line = in.readLine()) {
                lines.add(line);
            }
            return lines;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private Sender sender(int port) throws IOException {
        return new Sender("127.0.0.1", port + offset);
    }

    @Test
    void mailFromTheInternetIsReadByPop3() throws IOException {
        try (Sender sender = sender(25)) {
            sender.send("a@example.net", "alias@example.com", "Subject: hello\r\n\r\nfrom afar\r\n");
            assertThatThrownBy(() -> sender.send("a@example.net", "nobody@example.com", "\r\n"))
                    .hasMessageContaining("550 5.1.1");
        }
        try (Pop3 pop3 = new Pop3()) {
            assertThat(pop3.ask("USER you@example.com")).startsWith("+OK");
            assertThat(pop3.ask("PASS secret")).startsWith("+OK");
            assertThat(pop3.ask("STAT")).startsWith("+OK 1 ");
            assertThat(pop3.lines("RETR 1"))
                    .contains(
                            "Return-Path: <a@example.net>",
                            "Delivered-To: you@example.com",
                            "Subject: hello",
                            "from afar");
            assertThat(pop3.ask("DELE 1")).startsWith("+OK");
            assertThat(pop3.ask("QUIT")).startsWith("+OK");
        }
        assertThat(log).anyMatch(line -> line.contains("relay=mailbox, dsn=2.0.0, status=sent"));
    }

    @Test
    void mailOfALoginLeavesByTheRelay() throws IOException {
        String plain = Base64.getEncoder().encodeToString("\0you@example.com\0secret".getBytes(StandardCharsets.UTF_8));
        try (Sender sender = sender(587)) {
            assertThat(sender.command("AUTH PLAIN " + plain)).startsWith("235");
            sender.send(
                    "you@example.com", "somebody@example.net", "User-Agent: mine\r\nSubject: out\r\n\r\nto afar\r\n");
        }
        postern.peers.Commands.await(
                "the relay",
                java.time.Duration.ofSeconds(60),
                () -> relay.taken().size() == 1);
        assertThat(relay.taken().getFirst().text())
                .contains("Subject: out")
                .contains("to afar")
                .doesNotContain("User-Agent");
    }

    @Test
    void strangersCannotRelay() throws IOException {
        try (Sender sender = sender(25)) {
            assertThatThrownBy(() -> sender.send("a@example.net", "b@elsewhere.example", "\r\n"))
                    .hasMessageContaining("5.7.1");
        }
    }

    @Test
    void newAccountIsThereWithoutARestart() throws IOException {
        Path accounts = directory.resolve("config/postfix-accounts.cf");
        Files.writeString(
                accounts,
                Files.readString(accounts) + "new@example.com|{SHA512-CRYPT}"
                        + Sha2Crypt.sha512Crypt("x".getBytes(StandardCharsets.UTF_8)) + "\n");
        postern.peers.Commands.await("the account", java.time.Duration.ofSeconds(60), () -> {
            try (Sender sender = sender(25)) {
                sender.command("MAIL FROM:<a@example.net>");
                return sender.command("RCPT TO:<new@example.com>").startsWith("250");
            }
        });
    }
}
