package postern;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.config.MainCf;
import postern.config.MasterCf;
import postern.log.MailLog;
import postern.net.Deadlines;
import postern.net.DirectDialer;
import postern.net.Uptime;
import postern.peers.Commands;
import postern.peers.LossyWire;
import postern.peers.LossyWire.Break;
import postern.peers.PublicDirectory;
import postern.peers.Sender;
import postern.peers.Sink;

/// A public server in front of a private one, with a wire between that breaks: what the sender brings again is in the
/// mailbox once, whether it went there at once or through the queue.
class PrivateOnceTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String BEFORE = "250 2.0.0 Ok: taken before";
    private static final String YOU = "you@example.com";
    /// Leads to a mailbox and out again: all of the message lies in the queue.
    private static final String LIST = "list@example.com";

    @TempDir
    private Path directory;

    private final Deadlines deadlines = new Deadlines(new Uptime()).start();
    private Sink relay;
    private PrivateHome home;
    private LossyWire wire;
    private PublicDirectory front;
    private PublicServer server;

    @BeforeEach
    void start() throws IOException {
        relay = new Sink("127.0.0.1", 0);
        home = new PrivateHome(Files.createDirectories(directory.resolve("home")))
                .write("postfix-accounts.cf", YOU + "|" + PrivateHome.hash("secret") + "\n")
                .write("postfix-virtual.cf", LIST + " " + YOU + ",x@elsewhere.example\n")
                .add("postfix-main.cf", "postern_handover_clients = 127.0.0.0/8\n")
                .add("mailserver.env", "DEFAULT_RELAY_HOST=[127.0.0.1]:" + relay.port() + "\n")
                .start();
        wire = new LossyWire(home.port(25));
        Path here = Files.createDirectories(directory.resolve("front"));
        front = new PublicDirectory(here, "127.0.0.1:" + wire.port(), """
                postern_dns_servers = 127.0.0.1:1
                smtp_tls_security_level = none
                smtpd_peername_lookup = no
                inet_interfaces = loopback-only
                """);
        server = PublicServer.start(
                MainCf.load(here),
                MasterCf.load(here),
                new PublicServer.Surroundings(MailLog.none(), new DirectDialer(deadlines), deadlines, 0));
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        wire.close();
        home.close();
        deadlines.close();
        relay.close();
    }

    private String send(String id, String recipient) throws IOException {
        try (Sender sender = new Sender("127.0.0.1", front.port())) {
            sender.command("MAIL FROM:<a@example.net>");
            assertThat(sender.command("RCPT TO:<" + recipient + ">")).startsWith("250");
            sender.command("DATA");
            return sender.command("X-Id: " + id + "\r\n\r\ntext\r\n.");
        }
    }

    private int inMailbox() throws IOException {
        return home.count(YOU, "secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {YOU, LIST})
    void whatWasTakenBehindALostReplyIsNotSentAgain(String recipient) throws IOException {
        wire.at(Break.BEFORE_REPLY);
        assertThat(send("one", recipient)).startsWith("451 4.4.2 ");
        assertThat(wire.breaks()).isOne();
        assertThat(send("one", recipient)).isEqualTo(BEFORE);
        Commands.await("the mail", PATIENCE, () -> inMailbox() == 1);
        // on purpose it may come twice
        assertThat(send("one", recipient)).startsWith("250 2.0.0 Ok: ");
        Commands.await("the other", PATIENCE, () -> inMailbox() == 2);
        int expected = recipient.equals(LIST) ? 2 : 0;
        Commands.await("the mail elsewhere", PATIENCE, () -> relay.taken().size() == expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {YOU, LIST})
    void whatDidNotArriveWholeIsSentAgain(String recipient) throws IOException {
        wire.at(Break.BEFORE_END);
        assertThat(send("one", recipient)).startsWith("451 4.4.2 ");
        assertThat(wire.breaks()).isOne();
        Commands.await(
                "the message to be taken",
                PATIENCE,
                () -> send("one", recipient).startsWith("250"));
        Commands.await("the mail", PATIENCE, () -> inMailbox() == 1);
    }

    @Test
    void idOfAMessageInAMailboxOutlivesTheServer() throws IOException {
        String id = "5be0cd19137e2179cbbb9d5dc1059ed8";
        try (Sender sender = new Sender("127.0.0.1", home.port(25))) {
            sender.command("MAIL FROM:<a@example.net> XHANDOVER=" + id);
            sender.command("RCPT TO:<" + YOU + ">");
            sender.command("DATA");
            assertThat(sender.command("X-Id: one\r\n\r\ntext\r\n.")).startsWith("250 2.0.0 Ok: delivered as");
            assertThat(sender.command("XFATE " + id)).isEqualTo("250 2.0.0 Taken");
        }
        home.server().close();
        home.start();
        try (Sender sender = new Sender("127.0.0.1", home.port(25))) {
            assertThat(sender.command("XFATE " + id)).isEqualTo("250 2.0.0 Taken");
            assertThat(sender.command("XFATE 00000000000000000000000000000001")).isEqualTo("550 5.5.0 Unknown");
            sender.command("MAIL FROM:<a@example.net> XHANDOVER=" + id);
            assertThat(sender.command("RCPT TO:<" + YOU + ">"))
                    .isEqualTo("451 4.5.0 Error: this hand-over id has been used");
        }
    }
}
