package postern;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import postern.peers.Commands;
import postern.peers.Sender;

/// Mail on its way into the mailboxes of a private server: notices to local senders, and what could go wrong on the
/// way.
class PrivateMailInTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private PrivateHome home;

    @BeforeEach
    void begin() throws IOException {
        String crowd = IntStream.range(0, 1001)
                .mapToObj(i -> "x" + i + "@elsewhere.example")
                .collect(Collectors.joining(","));
        home = new PrivateHome(directory)
                .write("postfix-accounts.cf", "you@example.com|{PLAIN}secret\nme@example.com|{PLAIN}secret\n")
                .write("postfix-virtual.cf", "alias@example.com me@example.com\ncrowd@example.com " + crowd + "\n")
                .add("mailserver.env", "POSTERN_CLEARTEXT_AUTH=1\n")
                .start();
    }

    @AfterEach
    void end() {
        home.close();
    }

    private Sender login() throws IOException {
        Sender sender = new Sender("127.0.0.1", home.port(587));
        byte[] message = "\0you@example.com\0secret".getBytes(StandardCharsets.UTF_8);
        assertThat(sender.command("AUTH PLAIN " + Base64.getEncoder().encodeToString(message)))
                .startsWith("235");
        return sender;
    }

    private String submit(String rcpt, String text) throws IOException {
        try (Sender sender = login()) {
            sender.command("MAIL FROM:<you@example.com>");
            assertThat(sender.command("RCPT TO:" + rcpt)).startsWith("250");
            sender.command("DATA");
            return sender.command(text + "\r\n.");
        }
    }

    private List<String> notice() throws IOException {
        Commands.await("the notice", PATIENCE, () -> home.count("you@example.com", "secret") == 1);
        return home.mail("you@example.com", "secret", 1);
    }

    @Test
    void senderIsToldThatHisMailWasDelivered() throws IOException {
        submit("<me@example.com> NOTIFY=SUCCESS ORCPT=rfc822;me@example.com", "Subject: x\r\n\r\ntext");
        assertThat(notice()).contains("Action: delivered", "Final-Recipient: rfc822; me@example.com", "Status: 2.0.0");
        assertThat(home.count("me@example.com", "secret")).isOne();
    }

    @Test
    void senderIsToldOfAnAlias() throws IOException {
        submit("<alias@example.com> NOTIFY=SUCCESS,FAILURE", "Subject: x\r\n\r\ntext");
        assertThat(notice()).contains("Action: expanded", "Final-Recipient: rfc822; alias@example.com");
        Commands.await("the mail", PATIENCE, () -> home.count("me@example.com", "secret") == 1);
    }

    @Test
    void bounceToALocalSenderIsInHisMailbox() throws IOException {
        submit("<nobody@example.com>", "Subject: x\r\n\r\ntext");
        assertThat(notice())
                .contains("Return-Path: <>", "Action: failed", "Status: 5.1.1")
                .anyMatch(line -> line.startsWith("From:") && line.contains("MAILER-DAEMON@mail.home.example.com"));
    }

    @Test
    void submittedMailHasATraceThatSaysNothingOfItsClient() throws IOException {
        assertThat(submit("<me@example.com>", "Subject: x\r\n\r\ntext")).startsWith("250 2.0.0 Ok: delivered as");
        assertThat(home.mail("me@example.com", "secret", 1))
                .filteredOn(line -> line.startsWith("Received:"))
                .singleElement()
                .asString()
                .startsWith("Received: by mail.home.example.com (Postfix) id ");
    }

    @Test
    void aliasForTooManyIsRefusedForNow() throws IOException {
        try (Sender sender = new Sender("127.0.0.1", home.port(25))) {
            sender.command("MAIL FROM:<a@example.net>");
            assertThat(sender.command("RCPT TO:<crowd@example.com>")).startsWith("451 4.6.0");
            assertThat(sender.command("RCPT TO:<you@example.com>")).startsWith("250");
        }
    }

    @Test
    void messageThatGoesInCirclesIsRefused() throws IOException {
        try (Sender sender = new Sender("127.0.0.1", home.port(25))) {
            sender.command("MAIL FROM:<a@example.net>");
            sender.command("RCPT TO:<you@example.com>");
            sender.command("DATA");
            assertThat(sender.command("Received: by here\r\n".repeat(51) + "\r\ntext\r\n."))
                    .isEqualTo("554 5.4.6 Error: too many hops");
        }
        assertThat(home.count("you@example.com", "secret")).isZero();
    }

    @Test
    void dotsCaseAndUtf8ArriveAsTheyWereSent() throws IOException {
        String sender =
                new String("jürgen@bücher.example".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        try (Sender client = new Sender("127.0.0.1", home.port(25))) {
            assertThat(client.command("MAIL FROM:<" + sender + "> SMTPUTF8")).startsWith("250");
            assertThat(client.command("RCPT TO:<YOU+Tag@Example.COM>")).startsWith("250");
            client.command("DATA");
            assertThat(client.command("Subject: x\r\n\r\n..one\r\n...two\r\n.. \r\n."))
                    .startsWith("250");
        }
        assertThat(home.mail("you@example.com", "secret", 1))
                .contains("Return-Path: <jürgen@bücher.example>", "Delivered-To: YOU+Tag@Example.COM")
                .endsWith("..one", "...two", ".. ");
    }

    @Test
    void messageThatIsTooLargeIsRefusedAtMailOrAfterTheText() throws IOException {
        try (Sender sender = new Sender("127.0.0.1", home.port(25))) {
            assertThat(sender.command("MAIL FROM:<a@example.net> SIZE=10240001"))
                    .isEqualTo("552 5.3.4 Message size exceeds fixed limit");
        }
    }
}
