package postern.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The tools that administrators point at Postfix's log read ours.
class LogToolsTest {
    @TempDir
    private static Path directory;

    private static PublicDirectory server;

    @BeforeAll
    static void traffic() throws IOException {
        Commands.need("pflogsumm", "fail2ban-regex");
        try (Sink sink = new Sink("127.0.0.1", 0)) {
            server = new PublicDirectory(
                    directory,
                    "127.0.0.1:" + sink.port(),
                    "postern_handover = queue\nmynetworks = 127.0.0.9/32\npostern_dns_servers = 127.0.0.1:1\n");
            sink.answer(line -> line.startsWith("RCPT TO:<nobody") ? "550 5.1.1 No such user" : null);
            try (PosternProcess process = server.start()) {
                try (Sender sender = new Sender("127.0.0.1", server.port())) {
                    sender.send("a@example.net", "you@example.com", "Subject: one\r\n\r\ntext\r\n");
                    sender.send("a@example.net", "you@example.com", "Subject: two\r\n\r\ntext\r\n");
                    assertThatThrownBy(() -> sender.send("a@example.net", "b@elsewhere.example", "\r\n"))
                            .hasMessageContaining("454 4.7.1 <b@elsewhere.example>: Relay access denied");
                    sender.command("RSET");
                    sender.send("a@example.net", "nobody@example.com", "Subject: three\r\n\r\ntext\r\n");
                }
                Commands.await(
                        "deliveries",
                        Duration.ofSeconds(20),
                        () -> server.logged().contains("status=bounced")
                                && sink.taken().size() >= 2);
            }
        }
    }

    @Test
    void pflogsummCountsWhatHappened() throws IOException {
        String report = Commands.run("pflogsumm", server.log().toString());
        assertThat(report).containsPattern("(?m)^\\s+3\\s+received$");
        assertThat(report).containsPattern("(?m)^\\s+2\\s+delivered$");
        assertThat(report).containsPattern("(?m)^\\s+1\\s+bounced");
        assertThat(report).containsPattern("(?m)^\\s+1\\s+rejected");
        assertThat(report).contains("Relay access denied");
    }

    @Test
    void fail2banFindsTheOffender() throws IOException {
        String report = Commands.tryRun("fail2ban-regex", server.log().toString(), "postfix[mode=more]")
                .text();
        assertThat(report).contains("Failregex: 1 total");
    }
}
