package postern;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import postern.net.Endpoint;
import postern.peers.Commands;
import postern.peers.Sender;
import postern.peers.Sink;

/// Submission on a running private server: whose address a login may use, what of the header the world is not told, and
/// where notices go.
class MailOutTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String PRIVATE_HEADER = """
            Received: from phone (phone [10.0.0.9]) by laptop with ESMTPSA id 1; Fri, 20 Nov 2026 10:00:00 +0000
            X-Originating-IP: [10.0.0.9]
            X-Mailer: Mutt
            User-Agent: Thunderbird
             on two lines
            X-Enigmail: yes
            X-Kept: yes
            Mime-Version: 1.0 (by hand)
            From: you@example.com
            Message-Id: <1@example.com>
            """;

    @TempDir
    private Path directory;

    private Sink relay;
    private PrivateHome home;

    @BeforeEach
    void open() throws IOException {
        relay = new Sink("127.0.0.1", 0);
        relay.answer(command -> command.startsWith("RCPT TO:<refused@") ? "550 5.1.1 no such user" : null);
        home = new PrivateHome(directory);
        home.write(
                "postfix-accounts.cf",
                "you@example.com|" + PrivateHome.hash("secret") + "\nother@example.com|" + PrivateHome.hash("secret")
                        + "\n");
        home.write(
                "postfix-virtual.cf",
                "alias@example.com you@example.com\nboth@example.com other@example.com,you@example.com\n"
                        + "friend@example.com a@internet.example\n");
        home.write("postfix-regexp.cf", "/^test[0-9]+@example\\.com/ you@example.com\n");
        home.write("postfix-relaymap.cf", "@example.com [192.168.2.2]:25\n");
        home.add("mailserver.env", "POSTERN_CLEARTEXT_AUTH=1\nPOSTMASTER_ADDRESS=you@example.com\n");
    }

    private void start() throws IOException {
        DemoRoads roads = new DemoRoads(home.deadlines());
        roads.lead("192.168.2.2", 25, Endpoint.of(InetAddress.getLoopbackAddress(), relay.port()), false);
        home.start(roads.from("127.0.0.1"), Map.of());
    }

    @AfterEach
    void close() throws IOException {
        home.close();
        relay.close();
    }

    private Sender submission() throws IOException {
        Sender sender = new Sender("127.0.0.1", home.port(587));
        String plain = Base64.getEncoder().encodeToString("\0you@example.com\0secret".getBytes(StandardCharsets.UTF_8));
        assertThat(sender.command("AUTH PLAIN " + plain)).startsWith("235");
        return sender;
    }

    private String arrived(String text) throws IOException {
        Commands.await(
                text,
                PATIENCE,
                () -> relay.taken().stream().anyMatch(message -> message.text().contains(text)));
        return relay.taken().stream()
                .map(Sink.Taken::text)
                .filter(message -> message.contains(text))
                .findFirst()
                .orElseThrow();
    }

    /// With SPOOF_PROTECTION=1 a login has its own address and the aliases that lead to it; without, every address.
    @ParameterizedTest
    @CsvSource({
        "you@example.com,       250, 250",
        "YOU@Example.com,       250, 250",
        "alias@example.com,     250, 250",
        "both@example.com,      250, 250",
        "test7@example.com,     250, 250",
        "other@example.com,     553, 250",
        "you+x@example.com,     553, 250",
        "test@example.com,      553, 250",
        "you@elsewhere.example, 553, 250",
        "'',                    250, 250",
    })
    void spoofProtectionSaysWhoseAddressALoginMayUse(String from, String with, String without) throws IOException {
        for (boolean isOn : new boolean[] {true, false}) {
            if (isOn) {
                home.add("mailserver.env", "SPOOF_PROTECTION=1\n");
            } else {
                home.close();
                home = again();
            }
            start();
            try (Sender sender = submission()) {
                assertThat(sender.command("MAIL FROM:<" + from + ">")).startsWith("250");
                assertThat(sender.command("RCPT TO:<a@internet.example>"))
                        .as("SPOOF_PROTECTION=%s", isOn ? 1 : 0)
                        .startsWith(isOn ? with : without);
            }
        }
    }

    private PrivateHome again() throws IOException {
        PrivateHome next = new PrivateHome(directory);
        next.add("mailserver.env", "POSTERN_CLEARTEXT_AUTH=1\nPOSTMASTER_ADDRESS=you@example.com\n");
        return next;
    }

    @Test
    void theHeaderOfWhatIsSubmittedIsCleanedAndThatOfOtherMailIsNot() throws IOException {
        start();
        String header = PRIVATE_HEADER.replace("\n", "\r\n");
        try (Sender sender = submission()) {
            sender.send(
                    "you@example.com", "a@internet.example", header + "Subject: submitted\r\n\r\nX-Mailer: text\r\n");
        }
        assertThat(arrived("Subject: submitted"))
                .doesNotContain("10.0.0.9", "127.0.0.1", "X-Mailer: Mutt", "User-Agent", "on two lines", "X-Enigmail")
                .contains("X-Kept: yes", "\r\nMIME-Version: 1.0\r\n", "X-MS-Reactions: disallow\r\nMessage-Id: <1@")
                .endsWith("\r\n\r\nX-Mailer: text\r\n");
        try (Sender sender = new Sender("127.0.0.1", home.port(25))) {
            sender.send("b@internet.example", "friend@example.com", header + "Subject: from outside\r\n\r\nx\r\n");
        }
        assertThat(arrived("Subject: from outside"))
                .contains(
                        "10.0.0.9",
                        "X-Mailer: Mutt",
                        "User-Agent: Thunderbird\r\n on two lines",
                        "Mime-Version: 1.0 (by")
                .doesNotContain("X-MS-Reactions");
    }

    @Test
    void noticesForUsersAreInTheirMailboxes() throws IOException {
        start();
        try (Sender sender = submission()) {
            sender.send("you@example.com", "refused@internet.example", "Subject: in vain\r\n\r\nx\r\n");
        }
        Commands.await("the bounce", PATIENCE, () -> home.count("you@example.com", "secret") == 1);
        assertThat(home.mail("you@example.com", "secret", 1))
                .contains("Return-Path: <>", "Final-Recipient: rfc822; refused@internet.example", "Status: 5.1.1");
        try (Sender sender = submission()) {
            assertThat(sender.command("MAIL FROM:<you@example.com> RET=HDRS ENVID=42"))
                    .startsWith("250");
            assertThat(sender.command("RCPT TO:<a@internet.example> NOTIFY=SUCCESS"))
                    .startsWith("250");
            assertThat(sender.command("RCPT TO:<other@example.com> NOTIFY=SUCCESS"))
                    .startsWith("250");
            assertThat(sender.command("DATA")).startsWith("354");
            assertThat(sender.command("Subject: tell me\r\n\r\nx\r\n.")).startsWith("250");
        }
        Commands.await("both notices", PATIENCE, () -> home.count("you@example.com", "secret") == 3);
        assertThat(String.join("\n", home.mail("you@example.com", "secret", 2))
                        + String.join("\n", home.mail("you@example.com", "secret", 3)))
                .contains("Action: relayed", "Action: delivered", "Original-Envelope-Id: 42");
    }
}
