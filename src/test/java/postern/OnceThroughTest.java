package postern;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
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

/// Two whole servers, the one in front handing over to the one behind, with a wire between that breaks: what the
/// sender brings again arrives once, and what it sends twice arrives twice.
class OnceThroughTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String BEFORE = "250 2.0.0 Ok: taken before";
    private static final int SMALL = 1;
    private static final int STREAMS = 200;

    @TempDir
    private Path directory;

    private final Deadlines deadlines = new Deadlines(new Uptime()).start();
    private final List<String> log = new CopyOnWriteArrayList<>();
    private Sink sink;
    private PublicDirectory behind;
    private PublicDirectory front;
    private LossyWire wire;
    private PublicServer back;
    private PublicServer server;

    @BeforeEach
    void start() throws IOException {
        sink = new Sink("127.0.0.1", 0);
        Path there = Files.createDirectories(directory.resolve("behind"));
        behind = new PublicDirectory(there, "127.0.0.1:" + sink.port(), """
                postern_handover = queue
                postern_handover_clients = 127.0.0.0/8
                postern_dns_servers = 127.0.0.1:1
                smtp_tls_security_level = none
                smtpd_peername_lookup = no
                inet_interfaces = loopback-only
                """);
        wire = new LossyWire(behind.port());
        back = run(there);
        startFront("front", "");
    }

    private void startFront(String name, String more) throws IOException {
        Path here = Files.createDirectories(directory.resolve(name));
        front = new PublicDirectory(here, "127.0.0.1:" + wire.port(), """
                postern_handover = through
                postern_dns_servers = 127.0.0.1:1
                smtp_tls_security_level = none
                smtpd_peername_lookup = no
                inet_interfaces = loopback-only
                """ + more);
        server = run(here);
    }

    private PublicServer run(Path at) throws IOException {
        MailLog to = (service, text) -> log.add(at.getFileName() + " " + service + ": " + text);
        return PublicServer.start(
                MainCf.load(at),
                MasterCf.load(at),
                new PublicServer.Surroundings(to, new DirectDialer(deadlines), deadlines, 0));
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        back.close();
        wire.close();
        deadlines.close();
        sink.close();
    }

    /// The answer to the end of a message, or to its first recipient that is refused.
    private String send(String id, int kilobytes, String... recipients) throws IOException {
        try (Sender sender = new Sender("127.0.0.1", front.port())) {
            sender.command("MAIL FROM:<a@example.net>");
            for (String recipient : recipients) {
                String reply = sender.command("RCPT TO:<" + recipient + ">");
                if (!reply.startsWith("2")) {
                    return reply;
                }
            }
            sender.command("DATA");
            String text = "X-Id: " + id + "\r\n\r\n" + (".".repeat(100) + "\r\n").repeat(10 * kilobytes);
            return sender.command(text + ".");
        }
    }

    private String send(String id, int kilobytes) throws IOException {
        return send(id, kilobytes, "you@example.com");
    }

    /// Waits until the one behind has delivered all that it has, and nothing is under way.
    private void assertArrived(String id, int times) throws IOException {
        Commands.await("mail " + id, PATIENCE, () -> back.queued() == 0 && sink.times(id) >= times);
        assertThat(sink.times(id)).isEqualTo(times);
    }

    @ParameterizedTest
    @ValueSource(ints = {SMALL, STREAMS})
    void whatWasTakenBehindALostReplyIsNotSentAgain(int size) throws IOException {
        wire.at(Break.BEFORE_REPLY);
        assertThat(send("one", size)).startsWith("451 4.4.2 ");
        assertThat(wire.breaks()).isOne();
        assertThat(send("one", size)).isEqualTo(BEFORE);
        assertArrived("one", 1);
        assertThat(send("one", size)).contains("queued as");
        assertArrived("one", 2);
    }

    @ParameterizedTest
    @ValueSource(ints = {SMALL, STREAMS})
    void whatDidNotArriveWholeIsSentAgain(int size) throws IOException {
        wire.at(Break.BEFORE_END);
        assertThat(send("one", size)).startsWith("451 4.4.2 ");
        assertThat(wire.breaks()).isOne();
        // until the one behind has noticed that its connection is gone
        Commands.await(
                "the message to be taken", PATIENCE, () -> send("one", size).contains("queued as"));
        assertArrived("one", 1);
    }

    @Test
    void whatIsSentTwiceOnPurposeArrivesTwice() throws IOException {
        assertThat(send("one", SMALL)).contains("queued as");
        assertThat(send("one", SMALL)).contains("queued as");
        assertArrived("one", 2);
    }

    @Test
    void theOneBehindMayBeStartedAnewBetween() throws IOException {
        wire.at(Break.BEFORE_REPLY);
        assertThat(send("one", SMALL)).startsWith("451 4.4.2 ");
        back.close();
        back = run(directory.resolve("behind"));
        assertThat(send("one", SMALL)).isEqualTo(BEFORE);
        assertArrived("one", 1);
    }

    @Test
    void theOneInFrontMayBeStartedAnewAndReloaded() throws IOException {
        wire.at(Break.BEFORE_REPLY);
        assertThat(send("one", SMALL)).startsWith("451 4.4.2 ");
        assertThat(server.reload()).isEmpty();
        wire.at(Break.BEFORE_REPLY);
        assertThat(send("two", SMALL)).startsWith("451 4.4.2 ");
        server.close();
        server = run(directory.resolve("front"));
        assertThat(send("one", SMALL)).isEqualTo(BEFORE);
        assertThat(server.reload()).isEmpty();
        assertThat(send("two", SMALL)).isEqualTo(BEFORE);
        assertArrived("one", 1);
        assertArrived("two", 1);
    }

    @Test
    void severalRecipientsAreTakenTogether() throws IOException {
        wire.at(Break.BEFORE_REPLY);
        assertThat(send("one", SMALL, "you@example.com", "me@example.com")).startsWith("451 4.4.2 ");
        assertThat(send("one", SMALL, "you@example.com", "me@example.com")).startsWith("250 2.0.0 ");
        assertArrived("one", 1);
        List<String> all = new ArrayList<>(sink.taken().getFirst().recipients());
        assertThat(all).hasSize(2);
    }

    /// The sender comes again for some, and for one more: that one has a line of his own.
    @Test
    void whoIsNewInARepeatGetsTheMessage() throws IOException {
        wire.at(Break.BEFORE_REPLY);
        assertThat(send("one", SMALL)).startsWith("451 4.4.2 ");
        assertThat(send("one", SMALL, "you@example.com", "me@example.com")).startsWith("250 2.0.0 ");
        assertArrived("one", 2);
        assertThat(sink.taken().stream().map(taken -> taken.recipients().toString()))
                .doesNotHaveDuplicates()
                .hasSize(2);
    }

    /// The queue would bring a second copy of what may have been taken; what cannot have been goes there.
    @Test
    void aMessageInDoubtNeverTurnsToTheQueue() throws IOException {
        server.close();
        startFront("other", "postern_next_hop_down = queue\n");
        wire.at(Break.BEFORE_REPLY);
        assertThat(send("one", SMALL)).startsWith("451 4.4.2 ");
        back.close();
        assertThat(send("one", SMALL))
                .isEqualTo("451 4.4.1 Next hop is away and may have the message, try again later");
        assertThat(send("two", SMALL, "me@example.com")).contains("queued as");
        assertThat(server.queued()).isOne();
        back = run(directory.resolve("behind"));
        assertThat(send("one", SMALL)).isEqualTo(BEFORE);
        assertArrived("one", 1);
    }
}
