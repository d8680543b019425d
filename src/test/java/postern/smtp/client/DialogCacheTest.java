package postern.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static postern.smtp.client.SmtpDialogTest.FROM;
import static postern.smtp.client.SmtpDialogTest.to;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import postern.smtp.Recipient;

/// Connections that carry more than one message.
class DialogCacheTest {
    private static final List<Recipient> ONE = List.of(to("one@b.example"));
    private static final String HELLO = """
            S: 220 mx.example ESMTP
            C: EHLO mail.example
            S: 250-mx.example
            S! 250 PIPELINING
            """;
    private static final String MESSAGE = """
            C: MAIL FROM:<sender@a.example>
            C: RCPT TO:<one@b.example>
            C: DATA
            S: 250 Ok
            S! 250 Ok
            S! 354 go on
            C. text
            S: 250 Ok
            """;

    private final ClientSetup setup = new ClientSetup();

    private static MessageText text() {
        return MessageText.of("x\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    private static void send(Attempts attempts) {
        SmtpDialog dialog = Objects.requireNonNull(attempts.next());
        assertThat(dialog.send(FROM, ONE, text())).hasOnlyElementsOfType(Outcome.Accepted.class);
        attempts.release(dialog);
    }

    @Test
    void aConnectionIsKeptWhileThereIsMoreMailForItsDestination() throws Exception {
        ScriptedPeer peer = new ScriptedPeer(HELLO + MESSAGE + "C: QUIT", HELLO + MESSAGE + MESSAGE + "C: QUIT");
        try (SmtpClient client = setup.client(peer)) {
            try (Attempts first = client.attempts("one.example", null, "1")) {
                send(first);
            }
            try (Attempts second = client.attempts("one.example", null, "2")) {
                send(second);
            }
            try (Attempts third = client.attempts("one.example", null, "3")) {
                send(third);
            }
        }
        assertThat(peer.errors()).isEmpty();
    }

    @Test
    void singleMessagesNowAndThenKeepNothingOpen() throws Exception {
        ScriptedPeer peer = new ScriptedPeer(HELLO + MESSAGE + "C: QUIT", HELLO + MESSAGE + "C: QUIT");
        SmtpClient client = setup.client(peer);
        for (int i = 0; i < 2; i++) {
            try (Attempts attempts = client.attempts("one.example", null, "1")) {
                send(attempts);
            }
            setup.advance(Duration.ofSeconds(3));
        }
        assertThat(peer.errors()).isEmpty();
        client.cache().sweep();
        assertThat(client.cache().destinations()).as("nothing is remembered").isZero();
        client.close();
    }

    @Test
    void aConnectionRestsForTwoSeconds() throws Exception {
        setup.set("smtp_connection_cache_destinations", "one.example");
        ScriptedPeer peer = new ScriptedPeer(HELLO + MESSAGE + "C: QUIT");
        SmtpClient client = setup.client(peer);
        try (Attempts attempts = client.attempts("one.example", null, "1")) {
            send(attempts);
        }
        setup.advance(Duration.ofMillis(1999));
        client.cache().sweep();
        assertThat(peer.connection(0).isClosed()).isFalse();
        setup.advance(Duration.ofMillis(1));
        client.cache().sweep();
        assertThat(peer.connection(0).isClosed()).isTrue();
        assertThat(peer.errors()).isEmpty();
    }

    @Test
    void useAndAgeAreBounded() throws Exception {
        setup.set("smtp_connection_cache_destinations", "one.example").set("smtp_connection_reuse_count_limit", "2");
        ScriptedPeer peer = new ScriptedPeer(HELLO + MESSAGE + MESSAGE + "C: QUIT", HELLO + MESSAGE + "C: QUIT");
        SmtpClient client = setup.client(peer);
        for (int i = 0; i < 3; i++) {
            try (Attempts attempts = client.attempts("one.example", null, "1")) {
                if (i == 2) {
                    SmtpDialog dialog = Objects.requireNonNull(attempts.next());
                    setup.advance(Duration.ofSeconds(301));
                    dialog.send(FROM, ONE, text());
                    attempts.release(dialog);
                } else {
                    send(attempts);
                }
            }
        }
        assertThat(peer.errors()).isEmpty();
    }

    @Test
    void destinationsAndSendersDoNotMix() throws Exception {
        setup.set("smtp_connection_cache_destinations", "mx1.example")
                .set("smtp_sasl_auth_enable", "yes")
                .set("smtp_sasl_password_maps", "inline:{ none=none }")
                .set("smtp_sender_dependent_authentication", "yes");
        ScriptedPeer peer =
                new ScriptedPeer(HELLO + MESSAGE + "C: QUIT", HELLO + MESSAGE + "C: QUIT", HELLO + MESSAGE + "C: QUIT");
        try (SmtpClient client = setup.client(peer)) {
            for (String sender : List.of("a@a.example", "b@a.example")) {
                try (Attempts attempts =
                        client.attempts("[mx1.example]", postern.address.Address.ofInternal(sender), "1")) {
                    send(attempts);
                }
            }
            try (Attempts attempts = client.attempts("[mx1.example]:2525", null, "1")) {
                send(attempts);
            }
        }
        assertThat(peer.errors()).isEmpty();
    }

    /// A dialog that died while it rested costs nothing but a new connection.
    @Test
    void afterADeadOneAFreshConnectionIsMade() throws Exception {
        setup.set("smtp_connection_cache_destinations", "one.example");
        ScriptedPeer peer = new ScriptedPeer(HELLO + MESSAGE + "close", HELLO + MESSAGE + "C: QUIT");
        SmtpClient client = setup.client(peer);
        try (Attempts attempts = client.attempts("one.example", null, "1")) {
            send(attempts);
        }
        try (Attempts attempts = client.attempts("one.example", null, "2")) {
            SmtpDialog dead = Objects.requireNonNull(attempts.next());
            SmtpFailure failure =
                    dead.send(FROM, ONE, text()).getFirst() instanceof Outcome.Failed(SmtpFailure lost) ? lost : null;
            assertThat(Objects.requireNonNull(failure).mayHaveBeenTaken()).isFalse();
            attempts.release(dead);
            send(attempts);
        }
        client.close();
        assertThat(peer.errors()).isEmpty();
    }

    @Test
    void aReusedHostThatRefusedIsNotAskedTwice() throws Exception {
        setup.set("smtp_connection_cache_destinations", "two.example");
        String refusal = """
                C: MAIL FROM:<sender@a.example>
                C: RCPT TO:<one@b.example>
                C: DATA
                S: 451 later
                S! 503 no
                S! 503 no
                C: QUIT
                """;
        ScriptedPeer peer = new ScriptedPeer(HELLO + MESSAGE + refusal, HELLO + MESSAGE + "C: QUIT");
        SmtpClient client = setup.client(peer);
        try (Attempts attempts = client.attempts("two.example", null, "1")) {
            send(attempts);
        }
        try (Attempts attempts = client.attempts("two.example", null, "2")) {
            SmtpDialog reused = Objects.requireNonNull(attempts.next());
            reused.send(FROM, ONE, text());
            attempts.release(reused);
            send(attempts);
        }
        client.close();
        assertThat(peer.errors()).isEmpty();
        assertThat(peer.dialled()).containsExactly("[192.0.2.1]:25", "[192.0.2.2]:25");
    }
}
