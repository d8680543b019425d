package postern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
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
import postern.config.ConfigException;
import postern.config.MainCf;
import postern.config.MasterCf;
import postern.log.MailLog;
import postern.net.Deadlines;
import postern.net.DirectDialer;
import postern.net.Uptime;
import postern.peers.Commands;
import postern.peers.PublicDirectory;
import postern.peers.Sender;
import postern.peers.Sink;

/// A whole server with `postern_handover = through` between senders and a next hop that remembers what it took.
class ThroughTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String LINE = "x".repeat(998) + "\r\n";

    @TempDir
    private Path directory;

    private final Deadlines deadlines = new Deadlines(new Uptime()).start();
    private final List<String> log = new CopyOnWriteArrayList<>();
    private Sink sink;
    private PublicDirectory files;
    private PublicServer server;

    @BeforeEach
    void listen() throws IOException {
        sink = new Sink("127.0.0.1", 0);
    }

    @AfterEach
    void stop() throws IOException {
        if (server != null) {
            server.close();
        }
        deadlines.close();
        sink.close();
    }

    private void start(String more) throws IOException {
        startAt("127.0.0.1:" + sink.port(), more);
    }

    private void startAt(String nextHop, String more) throws IOException {
        files = new PublicDirectory(directory, nextHop, """
                postern_handover = through
                smtpd_peername_lookup = no
                mynetworks = 127.0.0.99/32
                inet_interfaces = loopback-only
                smtp_tls_security_level = none
                smtpd_client_connection_count_limit = 0
                postern_dns_servers = 127.0.0.1:1
                """ + more);
        MailLog to = (service, text) -> log.add(service + ": " + text);
        server = PublicServer.start(
                MainCf.load(directory),
                MasterCf.load(directory),
                new PublicServer.Surroundings(to, new DirectDialer(deadlines), deadlines, 0));
    }

    private Sender sender() throws IOException {
        return new Sender("127.0.0.1", files.port());
    }

    /// The answer to the end of a message, or to its recipient when he is refused.
    private String send(String text) throws IOException {
        try (Sender sender = sender()) {
            sender.command("MAIL FROM:<a@example.net>");
            String reply = sender.command("RCPT TO:<you@example.com>");
            if (reply.startsWith("2")) {
                sender.command("DATA");
                reply = sender.command(text + ".");
            }
            return reply;
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "always_bcc = copy@example.com",
                "sender_bcc_maps = inline:{ a@example.net=b@example.com }",
                "recipient_bcc_maps = inline:{ a@example.net=b@example.com }",
                "content_filter = smtp:[127.0.0.1]:10025",
                "defer_transports = relay"
            })
    void whatNeedsAQueueRefusesStart(String setting) {
        assertThatThrownBy(() -> start(setting + "\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("main.cf:")
                .hasMessageContaining(setting.substring(0, setting.indexOf(' ')) + ": ")
                .hasMessageContaining("postern_handover = queue");
    }

    @Test
    void holdOfAnAccessTableIsOurConfiguration() throws IOException {
        start("smtpd_sender_restrictions = check_sender_access inline:{ { a@example.net = HOLD } }\n");
        assertThat(send("Subject: x\r\n\r\nx\r\n")).isEqualTo("451 4.3.5 Server configuration error");
        assertThat(log).anyMatch(line -> line.contains("HOLD cannot be done with mail that is handed over"));
        assertThat(sink.taken()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "header_checks = regexp:{ { /^X-Odd:/ HOLD } }",
                "header_checks = regexp:{ { /^X-Odd: (.*)/ redirect $$1@example.com } }",
                "mime_header_checks = pcre:{ { /^X-Odd:/ FILTER smtp:[127.0.0.1] } }",
                "nested_header_checks = inline:{ { x = BCC you@example.com } }",
                "body_checks = static:{ hold }"
            })
    void checkThatNeedsAQueueRefusesStart(String setting) {
        assertThatThrownBy(() -> start(setting + "\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("main.cf:")
                .hasMessageContaining(setting.substring(0, setting.indexOf(' ')) + ": ")
                .hasMessageContaining("postern_handover = queue");
    }

    /// One that no table shows at start.
    @ParameterizedTest
    @ValueSource(strings = {"HOLD", "REDIRECT you@example.com", "BCC you@example.com", "FILTER smtp:[127.0.0.1]"})
    void checkThatNeedsAQueueIsOurConfiguration(String action) throws IOException {
        start("header_checks = regexp:{ { /^X-Odd: (.*)/ $$1 } }\n");
        assertThat(send("X-Odd: " + action + "\r\n\r\nx\r\n")).isEqualTo("451 4.3.5 Server configuration error");
        assertThat(log).anyMatch(line -> line.contains(action.split(" ", 2)[0] + " cannot be done with mail"));
        assertThat(send("X-Even: 1\r\n\r\nx\r\n")).startsWith("250");
        assertThat(sink.taken()).hasSize(1);
    }

    /// The next hop has most of the text when the last line is refused, and must not take it.
    @Test
    void refusalInTheLastLineOfALongTextTakesItBack() throws IOException {
        start("body_checks_size_limit = 1000000\nbody_checks = regexp:{ { /^forbidden/ REJECT no } }\n");
        assertThat(send("Subject: x\r\n\r\n" + LINE.repeat(300) + "forbidden\r\n"))
                .isEqualTo("550 5.7.1 no");
        Commands.await("the next hop to be left", PATIENCE, () -> sink.connections() == 0);
        assertThat(sink.taken()).isEmpty();
    }

    @Test
    void refusedTextLetsGoOfTheNextHopWhileTheSenderGoesOn() throws IOException {
        start("body_checks_size_limit = 1000000\nbody_checks = regexp:{ { /^forbidden/ REJECT no } }\n");
        try (Sender sender = sender()) {
            sender.command("MAIL FROM:<a@example.net>");
            sender.command("RCPT TO:<you@example.com>");
            sender.command("DATA");
            sender.say("Subject: x\r\n\r\n" + LINE.repeat(300) + "forbidden\r\n" + LINE.repeat(40));
            Commands.await("the next hop to be left", PATIENCE, () -> sink.connections() == 0);
            assertThat(sender.command("more\r\n.")).isEqualTo("550 5.7.1 no");
        }
        assertThat(sink.taken()).isEmpty();
    }

    @Test
    void messageOverTheLimitIsNeverWholeAtTheNextHop() throws IOException {
        start("message_size_limit = 200000\n");
        assertThat(send("Subject: x\r\n\r\n" + LINE.repeat(300))).startsWith("552 5.3.4");
        Commands.await("the next hop to be left", PATIENCE, () -> sink.connections() == 0);
        assertThat(sink.taken()).isEmpty();
    }

    @Test
    void senderLostInItsTextIsNeverWholeAtTheNextHop() throws IOException {
        start("");
        try (Sender sender = sender()) {
            sender.command("MAIL FROM:<a@example.net>");
            sender.command("RCPT TO:<you@example.com>");
            sender.command("DATA");
            sender.say("Subject: x\r\n\r\n" + LINE.repeat(200));
        }
        Commands.await("the next hop to be left", PATIENCE, () -> sink.connections() == 0);
        assertThat(sink.taken()).isEmpty();
    }

    @Test
    void localRestrictionsComeFirst() throws IOException {
        start("smtpd_sender_restrictions = check_sender_access inline:{ { a@example.net = REJECT } }\n");
        List<String> asked = new CopyOnWriteArrayList<>();
        sink.answer(command -> {
            asked.add(command);
            return null;
        });
        assertThat(send("x\r\n")).startsWith("554 5.7.1");
        assertThat(asked).isEmpty();
    }

    @Test
    void strangersTextIsNotTouchedBelowTheTraceField() throws IOException {
        start("local_header_rewrite_clients =\n");
        String text = "Bcc: x@example.com\r\nSubject: x\r\nReturn-Path: <b@example.org>\r\n\r\n.. dots\r\n";
        assertThat(send(text.replace("\r\n..", "\r\n..."))).startsWith("250");
        assertThat(sink.taken().getFirst().text()).startsWith("Received: ").endsWith("\r\n" + text);
    }

    @Test
    void nextHopThatIsAwayIsTheSendersToWaitFor() throws IOException {
        startAt("127.0.0.1:" + PublicDirectory.freePort(), "");
        assertThat(send("Subject: x\r\n\r\nx\r\n")).startsWith("451 4.4.1");
        assertThat(server.queued()).isZero();
    }

    @Test
    void nextHopThatIsAwayIsTheQueuesToWaitForWhereThatIsWanted() throws IOException {
        startAt("127.0.0.1:" + PublicDirectory.freePort(), "postern_next_hop_down = queue\n");
        assertThat(log).anyMatch(line -> line.contains("holds it in clear (postern_next_hop_down = queue)"));
        assertThat(send("Subject: x\r\n\r\nx\r\n")).startsWith("250 2.0.0 Ok: queued as ");
        assertThat(server.queued()).isOne();
        assertThat(log).anyMatch(line -> line.contains("kept in the queue, in clear, as "));
    }

    @Test
    void nextHopThatAnswersIsNeverTakenForOneThatIsAway() throws IOException {
        start("postern_next_hop_down = queue\n");
        sink.answer(command -> command.startsWith("RCPT") ? "450 4.2.0 greylisted" : null);
        assertThat(send("x\r\n")).isEqualTo("450 4.2.0 greylisted");
        sink.answer(command -> command.equals(".") ? "451 4.3.0 not now" : null);
        assertThat(send("x\r\n")).isEqualTo("451 4.3.0 not now");
        assertThat(server.queued()).isZero();
    }

    /// Twenty connections may be open to the next hop, and a thousand senders are in the middle of their text.
    @Test
    void thousandSlowSendersHoldNobodyUp() throws IOException {
        start("smtpd_client_connection_rate_limit = 0\ndefault_process_limit = 2000\n");
        List<Sender> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 1000; i++) {
                Sender sender = sender();
                slow.add(sender);
                sender.command("MAIL FROM:<a@example.net>");
                assertThat(sender.command("RCPT TO:<you@example.com>")).startsWith("250");
            }
            // from here on each has a minute
            for (int i = 0; i < 1000; i++) {
                assertThat(slow.get(i).command("DATA")).startsWith("354");
                slow.get(i).say("Subject: slow\r\n\r\n" + (i % 50 == 0 ? LINE.repeat(40) : "x"));
            }
            assertThat(send("Subject: quick\r\n\r\nx\r\n")).startsWith("250");
            assertThat(sink.taken()).hasSize(1);
            assertThat(sink.connections()).isLessThanOrEqualTo(20);
            assertThat(slow.getFirst().command("\r\n.")).startsWith("250");
            assertThat(slow.getLast().command("\r\n.")).startsWith("250");
        } finally {
            for (Sender sender : slow) {
                sender.close();
            }
        }
    }
}
