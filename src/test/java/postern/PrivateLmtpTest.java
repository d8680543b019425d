package postern;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import postern.peers.Commands;
import postern.peers.Sender;
import postern.peers.Sink;

/// LMTP, in and out: programs that deliver reach the mailboxes by a socket (`POSTERN_LMTP`), and mail goes to another
/// program's instead (`POSTFIX_DAGENT`).
class PrivateLmtpTest {
    @TempDir
    private Path directory;

    private PrivateHome home;
    private Path socket;

    @BeforeEach
    void begin() throws IOException {
        socket = directory.resolve("lmtp");
        home = new PrivateHome(directory)
                .write(
                        "postfix-accounts.cf",
                        "you@example.com|" + PrivateHome.hash("secret") + "\nfull@example.com|"
                                + PrivateHome.hash("secret") + "\n")
                .write("postfix-virtual.cf", "alias@example.com you@example.com\nout@example.com x@elsewhere.example\n")
                .write("dovecot-quotas.cf", "full@example.com:1k\n")
                .add("mailserver.env", "POSTERN_LMTP=unix:" + socket + "\n");
    }

    @AfterEach
    void end() {
        home.close();
    }

    /// A program that delivers.
    private final class Agent implements AutoCloseable {
        private final SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        private final BufferedReader in =
                new BufferedReader(new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8));

        Agent() throws IOException {
            assertThat(in.readLine()).startsWith("220 mail.home.example.com");
        }

        List<String> ask(String line, int replies) throws IOException {
            channel.write(ByteBuffer.wrap((line + "\r\n").getBytes(StandardCharsets.UTF_8)));
            List<String> lines = new ArrayList<>();
            while (lines.size() < replies) {
                String next = in.readLine();
                if (next.charAt(3) == ' ') {
                    lines.add(next);
                }
            }
            return lines;
        }

        String ask(String line) throws IOException {
            return ask(line, 1).getFirst();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    @Test
    void eachRecipientHasItsAnswerAfterTheText() throws IOException {
        home.start();
        try (Agent agent = new Agent()) {
            assertThat(agent.ask("EHLO agent")).startsWith("500 5.5.1");
            assertThat(agent.ask("LHLO agent")).startsWith("250");
            assertThat(agent.ask("MAIL FROM:<a@example.net>")).startsWith("250");
            assertThat(agent.ask("DATA")).startsWith("503 5.5.1");
            assertThat(agent.ask("RCPT TO:<full@example.com>")).startsWith("250");
            assertThat(agent.ask("RCPT TO:<nobody@example.com>")).startsWith("550 5.1.1");
            assertThat(agent.ask("RCPT TO:<alias@example.com>")).startsWith("250");
            assertThat(agent.ask("DATA")).startsWith("354");
            assertThat(agent.ask("Subject: x\r\n\r\n" + ("x".repeat(70) + "\r\n").repeat(20) + ".", 2))
                    .satisfiesExactly(
                            full -> assertThat(full).startsWith("552 5.2.2 <full@example.com>"),
                            taken -> assertThat(taken).startsWith("250 2.0.0 <alias@example.com> Ok: delivered"));
            assertThat(agent.ask("MAIL FROM:<a@example.net>")).startsWith("250");
            assertThat(agent.ask("RCPT TO:<x@elsewhere.example>")).startsWith("554 5.7.1");
        }
        assertThat(home.mail("you@example.com", "secret", 1))
                .contains("Delivered-To: you@example.com")
                .anyMatch(line -> line.contains("with LMTP id "));
        assertThat(home.count("full@example.com", "secret")).isZero();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                .isEqualTo("rw-rw----");
    }

    @Test
    void lhloIsNoCommandOfSmtp() throws IOException {
        home.start();
        try (Sender sender = new Sender("127.0.0.1", home.port(25))) {
            assertThat(sender.command("LHLO x")).isEqualTo("500 5.5.2 Error: command not recognized");
        }
        assertThat(Files.exists(socket)).isTrue();
    }

    @Test
    void anotherAgentGetsTheMailInstead() throws IOException {
        try (Sink agent = new Sink("127.0.0.1", 0)) {
            // a sink that speaks SMTP stands in: which transport it is makes no difference to where mail goes
            home.add("mailserver.env", "POSTFIX_DAGENT=smtp:[127.0.0.1]:" + agent.port() + "\n")
                    .start();
            try (Sender sender = new Sender("127.0.0.1", home.port(25))) {
                sender.send("a@example.net", "you@example.com", "Subject: x\r\n\r\ntext\r\n");
            }
            Commands.await(
                    "the agent",
                    java.time.Duration.ofSeconds(60),
                    () -> agent.taken().size() == 1);
        }
        assertThat(home.count("you@example.com", "secret")).isZero();
    }

    @Test
    void agentOfOursTakesTheMailOfAnother() throws IOException {
        home.start();
        Path elsewhere = Files.createDirectories(directory.resolve("elsewhere"));
        try (PrivateHome front = new PrivateHome(elsewhere)) {
            front.write("postfix-accounts.cf", "you@example.com|" + PrivateHome.hash("other") + "\n")
                    .add("mailserver.env", "POSTFIX_DAGENT=lmtp:unix:" + socket + "\n")
                    .start();
            try (Sender sender = new Sender("127.0.0.1", front.port(25))) {
                sender.send("a@example.net", "you@example.com", "Subject: x\r\n\r\ntext\r\n");
            }
            Commands.await(
                    "the mail behind",
                    java.time.Duration.ofSeconds(60),
                    () -> home.count("you@example.com", "secret") == 1);
            assertThat(front.count("you@example.com", "other")).isZero();
        }
    }
}
