package postern.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// No byte of any message lies on the public server's disk, whatever becomes of message, next hop and server: in none
/// of its own files, nor where temporary files are, nor in a file that it has open and has deleted.
class NothingKeptTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private Traces traces;

    @BeforeEach
    void look() {
        traces = new Traces(directory);
    }

    private PublicDirectory through(int behind, String more) throws IOException {
        return new PublicDirectory(directory, "127.0.0.1:" + behind, """
                postern_handover = through
                postern_next_hop_down = defer
                smtpd_peername_lookup = no
                smtp_tls_security_level = none
                mynetworks = 127.0.0.99/32
                """ + more);
    }

    /// A text with the marker in its header and in each line of its body.
    private String text(int lines) {
        return "Subject: " + traces.marker() + "\r\n\r\n" + (traces.marker() + "\r\n").repeat(lines);
    }

    private void nothingIsKept(PosternProcess server) throws IOException {
        assertThat(traces.open(server.pid())).isEmpty();
        assertThat(traces.left()).isEmpty();
    }

    private void nothingIsLeftAfterKilling(PosternProcess server) throws IOException {
        assertThat(traces.open(server.pid())).isEmpty();
        server.kill();
        assertThat(traces.left()).isEmpty();
    }

    /// The search is worth something: what the sender's own disk would have is found.
    @Test
    void markerIsFoundWhereItIs() throws IOException {
        Path file = Files.writeString(directory.resolve("kept"), "x".repeat((1 << 16) - 3) + text(1));
        assertThat(traces.left()).contains(file);
    }

    @Test
    void thousandMessagesAndFourKillsLeaveNothing() throws IOException {
        try (Sink sink = new Sink("127.0.0.1", 0)) {
            PublicDirectory ours = through(sink.port(), "");
            int sent = 0;
            for (int life = 0; life < 4; life++) {
                try (PosternProcess server = ours.start();
                        Sender sender = new Sender("127.0.0.1", ours.port());
                        Sender cut = new Sender("127.0.0.1", ours.port())) {
                    for (int i = 0; i < 250; i++) {
                        sender.send("a@example.net", "you@example.com", text(i % 5 == 0 ? 5000 : 5));
                        sent++;
                    }
                    // one is in the middle of its text
                    begin(cut, "you@example.com");
                    cut.say(text(5000));
                    Commands.await("a text under way", PATIENCE, () -> sink.connections() > 0);
                    nothingIsLeftAfterKilling(server);
                }
            }
            assertThat(sink.taken()).hasSize(sent);
        }
    }

    /// What comes is answered 451 and thrown away, whether its next hop was away before or leaves in its middle.
    @Test
    void nextHopThatIsAwayLeavesNothing() throws IOException {
        try (Sink sink = new Sink("127.0.0.1", 0)) {
            PublicDirectory ours = through(sink.port(), "");
            AtomicBoolean underWay = new AtomicBoolean();
            sink.answer(command -> {
                underWay.compareAndSet(false, command.equals("DATA"));
                return null;
            });
            try (PosternProcess server = ours.start();
                    Sender sender = new Sender("127.0.0.1", ours.port())) {
                begin(sender, "you@example.com");
                sender.say(text(10_000));
                Commands.await("a text under way", PATIENCE, underWay::get);
                sink.close();
                sink.hangUp();
                assertThat(sender.command(text(10_000) + ".")).startsWith("451 4.4.");
                nothingIsKept(server);

                String chunk = text(20_000);
                sender.say("MAIL FROM:<a@example.net>\r\nRCPT TO:<you@example.com>\r\nBDAT " + chunk.length()
                        + " LAST\r\n" + chunk.substring(0, chunk.length() - 2));
                assertThat(sender.answer()).startsWith("250");
                assertThat(sender.answer()).startsWith("451 4.4.1");
                assertThat(sender.answer()).startsWith("554 5.5.1 Error: no valid recipients");
                nothingIsLeftAfterKilling(server);
            }
        }
    }

    /// Some have the message and others may have it later: who has it is written down, and none of its bytes.
    @Test
    void partialAcceptanceLeavesNoText() throws IOException {
        try (Sink one = new Sink("127.0.0.1", 0);
                Sink two = new Sink("127.0.0.1", 0)) {
            String routes = "transport_maps = hash:/etc/postfix/transport, inline:{"
                    + " one.example=smtp:[127.0.0.1]:%d, two.example=smtp:[127.0.0.1]:%d }\n"
                            .formatted(one.port(), two.port());
            PublicDirectory ours = through(PublicDirectory.freePort(), routes + "mynetworks = 127.0.0.0/8\n");
            two.answer(command -> command.equals(".") ? "451 4.2.0 later" : null);
            try (PosternProcess server = ours.start();
                    Sender sender = new Sender("127.0.0.1", ours.port());
                    Sender cut = new Sender("127.0.0.1", ours.port())) {
                for (int lines : new int[] {5, 5000}) {
                    begin(sender, "b@one.example", "b@two.example");
                    assertThat(sender.command(text(lines) + ".")).startsWith("451 4.2.0");
                }
                nothingIsKept(server);
                begin(cut, "b@one.example", "b@two.example");
                cut.say(text(5001));
                Commands.await("a text under way", PATIENCE, () -> two.connections() > 0);
                nothingIsLeftAfterKilling(server);
            }
            assertThat(one.taken()).hasSize(2);
            two.answer(command -> null);
            try (PosternProcess server = ours.start();
                    Sender sender = new Sender("127.0.0.1", ours.port())) {
                begin(sender, "b@one.example", "b@two.example");
                assertThat(sender.command(text(5000) + ".")).startsWith("250");
                nothingIsKept(server);
            }
            assertThat(one.taken()).hasSize(2);
            assertThat(two.taken()).hasSize(1);
        }
    }

    private static void begin(Sender sender, String... recipients) throws IOException {
        assertThat(sender.command("MAIL FROM:<a@example.net>")).startsWith("250");
        for (String recipient : recipients) {
            assertThat(sender.command("RCPT TO:<" + recipient + ">")).startsWith("250");
        }
        assertThat(sender.command("DATA")).startsWith("354");
    }
}
