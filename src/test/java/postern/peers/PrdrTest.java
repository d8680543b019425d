package postern.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Answers for each recipient after the text: real clients with PRDR in front, and a next hop over LMTP.
class PrdrTest {
    @TempDir
    private Path ourDirectory;

    /// Mailboxes over LMTP: `full@` has no room, `no@` wants nothing.
    private static Sink mailboxes() throws IOException {
        Sink sink = new Sink("127.0.0.1", 0);
        List<String> answers = new ArrayList<>();
        sink.answer(command -> {
            if (command.startsWith("LHLO")) {
                return "250-mailboxes.example\r\n250 PIPELINING";
            }
            if (command.startsWith("MAIL")) {
                answers.clear();
            } else if (command.startsWith("RCPT")) {
                answers.add(
                        command.contains("<full@")
                                ? "452 4.2.2 Mailbox full"
                                : command.contains("<no@") ? "550 5.7.1 Not wanted" : "250 2.0.0 Saved");
            }
            return command.equals(".") ? String.join("\r\n", answers) : null;
        });
        return sink;
    }

    private PublicDirectory ours(Sink mailboxes, String more) throws IOException {
        return new PublicDirectory(
                ourDirectory, "127.0.0.1:" + mailboxes.port(), """
                postern_handover = through
                smtpd_peername_lookup = no
                mynetworks = 127.0.0.99/32
                transport_maps = inline:{ example.com=lmtp:inet:[127.0.0.1]:%d }
                """.formatted(mailboxes.port()) + more);
    }

    @Test
    void swaksHearsOfEachRecipient() throws IOException {
        Commands.need("swaks");
        try (Sink mailboxes = mailboxes()) {
            PublicDirectory ours = ours(mailboxes, "");
            try (PosternProcess _ = ours.start()) {
                String to = "you@example.com,full@example.com,no@example.com";
                String dialogue = Swaks.send(ours.listen(), "a@example.net", to, "--prdr");
                assertThat(dialogue.lines().map(line -> line.replaceFirst("^<[-*~]* +", "")))
                        .containsSubsequence(
                                "353 PRDR: a reply for each recipient follows",
                                "250 2.0.0 Saved",
                                "452 4.2.2 Mailbox full",
                                "550 5.7.1 Not wanted",
                                "250 2.0.0 Ok: taken for 1 of 3 recipients");
                assertThat(mailboxes.taken()).hasSize(1);
                String both = "you@example.com,me@example.com";
                assertThat(Swaks.send(ours.listen(), "a@example.net", both, "--prdr"))
                        .contains("250 2.0.0 Saved")
                        .doesNotContain("353");
                Commands.Output plain = Swaks.tryToSend(ours.listen(), "a@example.net", to);
                assertThat(plain.text()).contains("451-4.2.2 1 of 3 recipients have the message");
            }
        }
    }
}
