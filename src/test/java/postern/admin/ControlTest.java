package postern.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import postern.address.Address;
import postern.log.MailLog;
import postern.net.Connection;
import postern.net.Deadlines;
import postern.net.DirectDialer;
import postern.net.Endpoint;
import postern.net.UnixListener;
import postern.net.Uptime;
import postern.queue.Mail;
import postern.queue.MemoryQueue;
import postern.queue.Operator;
import postern.queue.Queue;
import postern.queue.QueueId;
import postern.smtp.Params;
import postern.smtp.Peer;
import postern.smtp.Recipient;

/// Operator commands over the socket of a running server, and on the queue of a stopped one: the same words,
/// the same answers.
class ControlTest {
    private static final Instant NOW = Instant.parse("2026-11-03T12:00:00Z");
    private static final String REASON = "connect to mx.example.com[192.0.2.25]:25: Connection refused";

    @TempDir
    private Path directory;

    private final MemoryQueue queue = new MemoryQueue(() -> NOW);
    private final Operator operator = new Operator(queue, null, null, MailLog.none());
    private final Deadlines deadlines = new Deadlines(new Uptime());
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<String> asked = new ArrayList<>();
    private String wrongConfiguration = "";
    private String input = "";
    private @Nullable UnixListener listener;

    @BeforeEach
    void startDeadlines() {
        deadlines.start();
    }

    @AfterEach
    void stop() {
        if (listener != null) {
            listener.close();
        }
        deadlines.close();
    }

    private Path socket() {
        return directory.resolve("control");
    }

    private void startServer() throws IOException {
        Running running = new Running(
                "postern public",
                NOW.minusSeconds(93784),
                () -> NOW,
                () -> {
                    asked.add("reload");
                    return wrongConfiguration;
                },
                () -> asked.add("stop"),
                new BanList() {
                    @Override
                    public List<String> lines() {
                        return List.of("custom 192.0.2.0/24 2027-05-02T12:00:00Z");
                    }

                    @Override
                    public boolean ban(String network) {
                        asked.add("ban " + network);
                        return !network.equals("192.0.2.0/24");
                    }

                    @Override
                    public String unban(String network) {
                        return network.equals("192.0.2.0/24") ? "custom" : "";
                    }
                });
        listener = new UnixListener(socket(), deadlines, new ControlServer(operator, running, null, MailLog.none()))
                .start();
    }

    private Exit run(String... words) {
        out.reset();
        err.reset();
        Terminal terminal = new Terminal(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(err, false, StandardCharsets.UTF_8));
        ControlClient client =
                new ControlClient(socket(), new DirectDialer(deadlines), use -> use.with(operator), terminal);
        return client.run(List.of(words));
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    /// As the list shows it, where the test runs.
    private static String time() {
        return DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss", Locale.ROOT)
                .format(NOW.atZone(ZoneId.systemDefault()));
    }

    private QueueId put(String sender, String reason, String... recipients) {
        Queue.Incoming incoming = queue.incoming();
        byte[] text = "Subject: hällo\r\n\r\nOne\r\n\r\nTwo\r\n".getBytes(StandardCharsets.UTF_8);
        incoming.write(ByteBuffer.wrap(text));
        List<Recipient> all = Stream.of(recipients)
                .map(address -> new Recipient(Address.ofInternal(address), Params.NONE))
                .toList();
        postern.address.Path from =
                sender.isEmpty() ? postern.address.Path.NULL : postern.address.Path.of(Address.ofInternal(sender));
        incoming.commit(new Mail(
                incoming.id(), from, Params.NONE, Peer.LOCAL, NOW, all, text.length, "", true, false, "", false));
        if (!reason.isEmpty()) {
            List<String> reasons = all.stream().map(_ -> reason).toList();
            queue.later(incoming.id(), new Queue.Later(NOW.plusSeconds(300), 1, 0, false, reasons));
        }
        return incoming.id();
    }

    /// Compared byte for byte with what postqueue(1) of Postfix 3.7 prints.
    @Test
    void mailqLooksAsPostfixHasIt() throws IOException {
        startServer();
        QueueId first = put("a@example.net", REASON, "b@example.com", "c@example.org");
        QueueId held = put("", "", "d@example.com");
        queue.hold(held);
        assertThat(run("mailq")).isEqualTo(Exit.OK);
        assertThat(out())
                .isEqualTo("-Queue ID-  --Size-- ----Arrival Time---- -Sender/Recipient-------\n"
                        + first + "       31 " + time() + "  a@example.net\n"
                        + "                (connect to mx.example.com[192.0.2.25]:25: Connection refused)\n"
                        + "                                         b@example.com\n"
                        + "                                         c@example.org\n\n"
                        + held + "!      31 " + time() + "  MAILER-DAEMON\n"
                        + "                                         d@example.com\n\n"
                        + "-- 0 Kbytes in 2 Requests.\n");
    }

    @Test
    void emptyQueueSaysSo() throws IOException {
        startServer();
        assertThat(run("mailq")).isEqualTo(Exit.OK);
        assertThat(out()).isEqualTo("Mail queue is empty\n");
        assertThat(run("mailq", "-j")).isEqualTo(Exit.OK);
        assertThat(out()).isEmpty();
    }

    @Test
    void mailqWritesJsonAsPostqueueDoes() throws IOException {
        startServer();
        QueueId id = put("a\"\\@example.net", "said:\t\"no\"\u0001é", "b@example.com");
        assertThat(run("mailq", "-j")).isEqualTo(Exit.OK);
        assertThat(out())
                .isEqualTo("{\"queue_name\": \"deferred\", \"queue_id\": \"" + id
                        + "\", \"arrival_time\": 1793707200, \"message_size\": 31, \"forced_expire\": false,"
                        + " \"sender\": \"a\\\"\\\\@example.net\", \"recipients\": [{\"address\": \"b@example.com\","
                        + " \"delay_reason\": \"said:\\t\\\"no\\\"\\u0001é\"}]}\n");
    }

    @Test
    void manyMessagesAreListedWhole() throws IOException {
        startServer();
        for (int i = 0; i < 2_000; i++) {
            put("a@example.net", REASON, "recipient-number-" + i + "@example.com");
        }
        assertThat(run("mailq", "-j")).isEqualTo(Exit.OK);
        assertThat(out().lines().toList()).hasSize(2_000).last().asString().contains("number-1999@");
    }

    @Test
    void holdReleaseAndDeleteSpeakAsPostsuper() throws IOException {
        startServer();
        QueueId id = put("a@example.net", REASON, "b@example.com");
        assertThat(run("hold", id.toString())).isEqualTo(Exit.OK);
        assertThat(err()).isEqualTo("postern: " + id + ": placed on hold\npostern: Placed on hold: 1 message\n");
        assertThat(queue.counts()).isEqualTo(new Queue.Counts(0, 0, 1));
        assertThat(run("release", "ALL")).isEqualTo(Exit.OK);
        assertThat(err()).isEqualTo("postern: Released from hold: 1 message\n");
        assertThat(run("delete", "0123456789", id.toString())).isEqualTo(Exit.OK);
        assertThat(err()).isEqualTo("postern: " + id + ": removed\npostern: Deleted: 1 message\n");
        assertThat(queue.counts()).isEqualTo(new Queue.Counts(0, 0, 0));
    }

    @Test
    void allMayBeNarrowedToOneQueue() throws IOException {
        startServer();
        put("a@example.net", REASON, "b@example.com");
        put("a@example.net", REASON, "c@example.com");
        queue.hold(put("a@example.net", "", "d@example.com"));
        assertThat(run("delete", "ALL", "deferred")).isEqualTo(Exit.OK);
        assertThat(err()).isEqualTo("postern: Deleted: 2 messages\n");
        assertThat(queue.counts()).isEqualTo(new Queue.Counts(0, 0, 1));
        assertThat(run("delete", "ALL", "everything")).isEqualTo(Exit.USAGE);
        assertThat(err()).contains("incoming, active, deferred, hold");
    }

    @Test
    void minusReadsIdsAsMailqPrintsThem() throws IOException {
        startServer();
        QueueId one = put("a@example.net", REASON, "b@example.com");
        QueueId two = put("a@example.net", REASON, "b@example.com");
        put("a@example.net", REASON, "stays@example.com");
        input = one + "*  30 Tue Nov  3 12:00:00  a@example.net\n\n" + two + "\n";
        assertThat(run("delete", "-")).isEqualTo(Exit.OK);
        assertThat(err()).endsWith("postern: Deleted: 2 messages\n");
        assertThat(queue.counts()).isEqualTo(new Queue.Counts(1, 0, 0));
    }

    @Test
    void catShowsTheMessageInPartsOrWhole() throws IOException {
        startServer();
        String id = put("a@example.net", REASON, "b@example.com").toString();
        assertThat(run("cat", id)).isEqualTo(Exit.OK);
        assertThat(out())
                .startsWith("*** ENVELOPE RECORDS " + id + " ***\nmessage_size: 31\n")
                .contains("sender: a@example.net\n", "recipient: b@example.com\n")
                .endsWith("*** MESSAGE CONTENTS " + id + " ***\nSubject: hällo\n\nOne\n\nTwo\n*** MESSAGE FILE END "
                        + id + " ***\n");
        assertThat(run("cat", "-h", id)).isEqualTo(Exit.OK);
        assertThat(out()).isEqualTo("Subject: hällo\n");
        assertThat(run("cat", "-b", id)).isEqualTo(Exit.OK);
        assertThat(out()).isEqualTo("One\n\nTwo\n");
        assertThat(run("cat", "0123456789")).isEqualTo(Exit.UNAVAILABLE);
        assertThat(run("cat", "what")).isEqualTo(Exit.USAGE);
        assertThat(err()).isEqualTo("postern: \"what\" is not a queue id such as 4F0C3A91B2\n");
    }

    @Test
    void statusShowsUptimeAndCounts() throws IOException {
        startServer();
        put("a@example.net", REASON, "b@example.com");
        assertThat(run("status")).isEqualTo(Exit.OK);
        assertThat(out())
                .contains("postern public, up 1 days 2:03:04, since 2026-11-02T09:56:56Z\n")
                .contains("queue: 1 waiting, 0 active, 0 held\n")
                .contains(" MB heap\n");
    }

    @Test
    void reloadAndStopReachTheServer() throws IOException {
        startServer();
        assertThat(run("reload")).isEqualTo(Exit.OK);
        wrongConfiguration = "main.cf:3: myhostnam: no such parameter";
        assertThat(run("reload")).isEqualTo(Exit.CONFIG);
        assertThat(err()).isEqualTo("postern: main.cf:3: myhostnam: no such parameter\n");
        assertThat(run("stop")).isEqualTo(Exit.OK);
        assertThat(asked).containsExactly("reload", "reload", "stop");
    }

    @Test
    void withoutAServerTheQueueIsOpenedInstead() {
        QueueId id = put("a@example.net", REASON, "b@example.com");
        assertThat(run("mailq")).isEqualTo(Exit.OK);
        assertThat(out()).contains(id.toString());
        assertThat(run("check")).isEqualTo(Exit.OK);
        assertThat(out()).isEqualTo("1 message can be read, 0 cannot\n");
        assertThat(run("delete", id.toString())).isEqualTo(Exit.OK);
        assertThat(queue.counts()).isEqualTo(new Queue.Counts(0, 0, 0));
        assertThat(run("reload")).isEqualTo(Exit.UNAVAILABLE);
        assertThat(run("stop")).isEqualTo(Exit.UNAVAILABLE);
        assertThat(run("status")).isEqualTo(Exit.UNAVAILABLE);
    }

    @Test
    void queueThatCannotBeOpenedIsATemporaryFailure() {
        Terminal terminal =
                new Terminal(new ByteArrayInputStream(new byte[0]), new PrintStream(out), new PrintStream(err));
        ControlClient client = new ControlClient(
                socket(),
                new DirectDialer(deadlines),
                _ -> {
                    throw new IOException("the queue is in use");
                },
                terminal);
        assertThat(client.run(List.of("mailq"))).isEqualTo(Exit.TEMPFAIL);
        assertThat(err()).isEqualTo("postern: the queue is in use\n");
    }

    @Test
    void unknownCommandShowsThem() {
        assertThat(run("mailqueue")).isEqualTo(Exit.USAGE);
        assertThat(err()).contains("mailq", "delete", "ID ... | ALL [deferred]");
        assertThat(run()).isEqualTo(Exit.USAGE);
    }

    @Test
    void socketIsForItsOwnerAlone() throws IOException {
        Files.writeString(socket(), "left by a server that died");
        startServer();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())))
                .isEqualTo("rw-------");
    }

    /// Anything may be written into a socket: the server closes and goes on.
    @Test
    void nonsenseOnTheSocketIsRefused() throws IOException {
        startServer();
        for (String nonsense : List.of("GET / HTTP/1.0\r\n\r\n", "A99999999999\n", "A5\nab", "", "A-1\n", "Z0\n")) {
            try (Connection connection = new DirectDialer(deadlines)
                    .dial(Endpoint.unix(socket().toString()), null, java.time.Duration.ofSeconds(5))) {
                connection.write(ByteBuffer.wrap(nonsense.getBytes(StandardCharsets.US_ASCII)));
            }
        }
        assertThat(run("mailq")).isEqualTo(Exit.OK);
    }

    @Test
    void bansAreShownMadeAndLifted() throws IOException {
        assertThat(run("bans")).isEqualTo(Exit.UNAVAILABLE);
        startServer();

        assertThat(run("bans")).isEqualTo(Exit.OK);
        assertThat(out()).isEqualTo("custom 192.0.2.0/24 2027-05-02T12:00:00Z\n");
        assertThat(run("bans", "ban", "198.51.100.1")).isEqualTo(Exit.OK);
        assertThat(out()).isEqualTo("banned 198.51.100.1\n");
        assertThat(asked).containsExactly("ban 198.51.100.1");
        run("bans", "ban", "192.0.2.0/24");
        assertThat(out()).isEqualTo("already banned 192.0.2.0/24\n");
        run("bans", "unban", "192.0.2.0/24");
        assertThat(out()).isEqualTo("unbanned 192.0.2.0/24 from custom\n");
        run("bans", "unban", "192.0.2.1");
        assertThat(out()).isEqualTo("not banned 192.0.2.1\n");
        assertThat(run("bans", "ban")).isEqualTo(Exit.USAGE);
        assertThat(run("bans", "like", "192.0.2.1")).isEqualTo(Exit.USAGE);
    }
}
