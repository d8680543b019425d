package postern.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The disk fails under the running server, as strace makes it: nobody is told 250 for what is not kept, what
/// was answered before stays, the server goes on by itself when the disk does, and after a restart all that was
/// answered 250 arrives.
class StraceTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private final Map<String, String> bodies = new LinkedHashMap<>();
    private final List<String> acknowledged = new ArrayList<>();
    private final List<String> refused = new ArrayList<>();
    private Sink sink;
    private PublicDirectory configuration;

    @BeforeEach
    void start() throws IOException {
        Commands.needRoot();
        Commands.need("strace");
        sink = new Sink("127.0.0.1", 0);
        configuration = new PublicDirectory(directory, "127.0.0.1:" + sink.port(), """
                postern_handover = queue
                smtpd_peername_lookup = no
                minimal_backoff_time = 1s
                maximal_backoff_time = 1s
                queue_run_delay = 1s
                smtpd_hard_error_limit = 1000
                smtpd_soft_error_limit = 1000
                """);
    }

    @AfterEach
    void stop() throws IOException {
        if (sink != null) {
            sink.close();
        }
    }

    @Test
    void aForceThatFailsIsNeverAnswered250() throws IOException {
        failing("fsync,fdatasync", "error=EIO", "451 4.3.0 Error: queue file write error");
    }

    @Test
    void aWriteThatFailsIsNeverAnswered250() throws IOException {
        failing("writev,pwrite64,pwritev", "error=EIO", "451 4.3.0 Error: queue file write error");
    }

    @Test
    void aFullDiskIsAnswered452() throws IOException {
        failing("writev,pwrite64,pwritev", "error=ENOSPC", "452 4.3.1 Insufficient system storage");
    }

    /// The disk fails for a while, each time: what comes before and after is kept, what comes meanwhile is not
    /// taken.
    private void failing(String calls, String how, String expected) throws IOException {
        sink.answer(StraceTest::busy);
        try (PosternProcess server = configuration.start()) {
            for (int i = 0; i < 10; i++) {
                send("before");
            }
            assertThat(acknowledged).hasSize(10);
            try (Fault fault = new Fault(server.pid(), calls, how)) {
                for (int i = 0; i < 5; i++) {
                    send("meanwhile");
                }
            }
            assertThat(acknowledged).as("while the disk fails").hasSize(10);
            assertThat(refused)
                    .hasSize(5)
                    .allSatisfy(answer -> assertThat(answer).isEqualTo(expected));
            Commands.await("mail to be taken again", PATIENCE, () -> send("after"));
            server.kill();
        }
        everythingArrives();
    }

    @Test
    void forcesThatFailNowAndThenLoseNothing() throws IOException {
        sometimes("fsync,fdatasync", "error=EIO:when=4+5");
    }

    /// A new segment takes 18 writes, as zeros are written ahead: the step is larger, so that some succeed.
    @Test
    void writesThatFailNowAndThenLoseNothing() throws IOException {
        sometimes("writev,pwrite64,pwritev", "error=EIO:when=3+40");
    }

    /// Some calls fail, others do not: what was answered 250 arrives, also what lay in a segment that failed
    /// later.
    private void sometimes(String calls, String how) throws IOException {
        sink.answer(StraceTest::busy);
        try (PosternProcess server = configuration.start()) {
            try (Fault fault = new Fault(server.pid(), calls, how)) {
                Commands.await("mail to be taken and refused", PATIENCE, () -> {
                    send("now and then");
                    return acknowledged.size() >= 5 && !refused.isEmpty();
                });
            } catch (IOException e) {
                throw new IOException(acknowledged + " " + refused + configuration.logged(), e);
            }
            server.kill();
        }
        assertThat(refused).allSatisfy(answer -> assertThat(answer).startsWith("45"));
        everythingArrives();
    }

    private void everythingArrives() throws IOException {
        sink.answer(command -> null);
        try (PosternProcess server = configuration.start()) {
            Commands.await(
                    "all mail; the server said " + server.said(),
                    PATIENCE,
                    () -> acknowledged.stream().allMatch(id -> sink.times(id) > 0));
        }
        for (Sink.Taken message : sink.taken()) {
            String text = message.text();
            String id = text.replaceAll("(?s).*\nX-Id: (\\S+).*", "$1");
            assertThat(text).as(id).endsWith("\r\n\r\n" + bodies.get(id));
        }
    }

    /// What the next hop says while everything is to stay in our queue.
    private static String busy(String command) {
        return command.startsWith("RCPT") ? "450 4.2.1 later" : null;
    }

    /// Sends one message; whether it was answered 250.
    private boolean send(String when) throws IOException {
        String id = "m" + (bodies.size() + 1);
        String body = ("line of " + id + ", " + when + "\r\n").repeat(200);
        bodies.put(id, body);
        try (Sender sender = new Sender("127.0.0.1", configuration.port())) {
            String answer = deliver(sender, "X-Id: " + id + "\r\n\r\n" + body);
            (answer.startsWith("250") ? acknowledged : refused).add(answer.startsWith("250") ? id : answer);
            return answer.startsWith("250");
        }
    }

    /// The answer that ended the transaction.
    private static String deliver(Sender sender, String text) throws IOException {
        String answer = sender.command("MAIL FROM:<a@example.net>");
        if (answer.startsWith("250")) {
            answer = sender.command("RCPT TO:<b@example.com>");
        }
        if (answer.startsWith("250")) {
            answer = sender.command("DATA");
        }
        return answer.startsWith("354") ? sender.command(text + ".") : answer;
    }
}
