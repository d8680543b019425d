package postern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import postern.peers.Sender;

/// The guide's alternative: the public server hands mail in at 587, with a login that is no user's
/// (`postern_relay_logins`).
class PrivateRelayLoginTest {
    private static final String RELAY = "public@example.com";
    private static final String UNKNOWN =
            "550 5.1.1 <nobody@example.com>: Recipient address rejected: User unknown in" + " virtual mailbox table";

    @TempDir
    private Path directory;

    private PrivateHome home;

    @BeforeEach
    void begin() throws IOException {
        home = new PrivateHome(directory)
                .write(
                        "postfix-accounts.cf",
                        "you@example.com|" + PrivateHome.hash("secret") + "\n" + RELAY + "|" + PrivateHome.hash("edge")
                                + "\n")
                .add("postfix-main.cf", "postern_relay_logins = " + RELAY + "\nmynetworks = 127.0.0.0/8\n")
                .add("mailserver.env", "SPOOF_PROTECTION=1\nPOSTERN_CLEARTEXT_AUTH=1\n")
                .start();
    }

    @AfterEach
    void end() {
        home.close();
    }

    private Sender login(String user, String password) throws IOException {
        Sender sender = new Sender("127.0.0.1", home.port(587));
        byte[] message = ("\0" + user + "\0" + password).getBytes(StandardCharsets.UTF_8);
        assertThat(sender.command("AUTH PLAIN " + Base64.getEncoder().encodeToString(message)))
                .startsWith("235");
        return sender;
    }

    @Test
    void relayIsAnsweredAsTheWorldIs() throws IOException {
        try (Sender relay = login(RELAY, "edge")) {
            assertThat(relay.command("AUTH PLAIN AA==")).isEqualTo("503 5.5.1 Error: already authenticated");
            // an address of ours too: who sends as whom is asked of users
            assertThat(relay.command("MAIL FROM:<you@example.com>")).startsWith("250");
            assertThat(relay.command("RCPT TO:<nobody@example.com>")).isEqualTo(UNKNOWN);
            assertThat(relay.command("RCPT TO:<a@elsewhere.example>"))
                    .isEqualTo("554 5.7.1 <a@elsewhere.example>: Relay access denied");
            assertThat(relay.command("RCPT TO:<you@example.com>")).startsWith("250");
        }
        try (Sender user = login("you@example.com", "secret")) {
            assertThat(user.command("MAIL FROM:<other@example.com>")).startsWith("250");
            assertThat(user.command("RCPT TO:<you@example.com>")).startsWith("553 5.7.1");
        }
    }

    @Test
    void itsMailStaysAsItIs() throws IOException {
        try (Sender relay = login(RELAY, "edge")) {
            relay.send(
                    "a@example.net",
                    "you@example.com",
                    "User-Agent: theirs\r\nX-Mailer: theirs\r\nSubject: hello\r\n\r\nfrom afar\r\n");
        }
        List<String> text = home.mail("you@example.com", "secret", 1);
        assertThat(text)
                .contains("User-Agent: theirs", "X-Mailer: theirs", "Return-Path: <a@example.net>")
                .noneMatch(line -> line.contains("Authenticated sender") || line.startsWith("DKIM-Signature"))
                .noneMatch(line -> line.startsWith("Message-Id:") || line.startsWith("Date:"));
        assertThat(home.log()).anyMatch(line -> line.contains("sasl_method=PLAIN, sasl_username=" + RELAY));
    }

    @Test
    void itNamesClientsAndSpeaksForNoUser() throws IOException {
        try (Sender relay = login(RELAY, "edge")) {
            assertThat(relay.command("XCLIENT ADDR=127.0.0.5 NAME=[UNAVAILABLE] LOGIN=you@example.com"))
                    .startsWith("220");
            assertThat(relay.command("EHLO somebody.example")).startsWith("250");
            assertThat(relay.command("MAIL FROM:<you@example.com>")).startsWith("250");
            // neither that login nor mynetworks gives a right
            assertThat(relay.command("RCPT TO:<a@elsewhere.example>"))
                    .isEqualTo("554 5.7.1 <a@elsewhere.example>: Relay access denied");
            assertThat(relay.command("RCPT TO:<you@example.com>")).startsWith("250");
        }
        assertThat(home.log()).anyMatch(line -> line.contains("reject: RCPT from unknown[127.0.0.5]"));
        try (Sender user = login("you@example.com", "secret")) {
            assertThat(user.command("XCLIENT ADDR=127.0.0.5")).startsWith("550 5.7.0");
        }
    }

    @Test
    void itsFormOfHeloIsHeldToTheRulesOfTheWorld() throws IOException {
        try (Sender relay = login(RELAY, "edge")) {
            assertThat(relay.command("XCLIENT ADDR=198.51.100.5 NAME=[UNAVAILABLE]"))
                    .startsWith("220");
            relay.command("EHLO short");
            relay.command("MAIL FROM:<a@example.net>");
            assertThat(relay.command("RCPT TO:<you@example.com>"))
                    .isEqualTo("504 5.5.2 <short>: Helo command rejected: need fully-qualified hostname");
        }
        assertThatThrownBy(() -> {
                    try (Sender user = login("you@example.com", "wrong")) {
                        user.command("QUIT");
                    }
                })
                .isInstanceOf(AssertionError.class);
    }
}
