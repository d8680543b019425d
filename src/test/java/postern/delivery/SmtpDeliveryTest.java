package postern.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import postern.address.Address;
import postern.address.Path;
import postern.queue.DeliveryRequest;
import postern.queue.DeliveryResult;
import postern.queue.DeliveryStatus;
import postern.queue.Mail;
import postern.queue.QueueId;
import postern.smtp.Params;
import postern.smtp.Peer;
import postern.smtp.Recipient;
import postern.smtp.client.ClientSetup;
import postern.smtp.client.ScriptedPeer;
import postern.smtp.client.SmtpClient;
import postern.smtp.extension.SmtpUtf8;

class SmtpDeliveryTest {
    private static final String TEXT = "Subject: x\r\n\r\nhello\r\n";
    private static final String HELLO = """
            S: 220 mx.example ESMTP
            C: EHLO mail.example
            S: 250-mx.example
            S! 250 PIPELINING
            """;
    private static final String ENVELOPE = """
            C: MAIL FROM:<sender@a.example>
            C: RCPT TO:<one@b.example>
            C: RCPT TO:<two@b.example>
            C: DATA
            """;

    private final ClientSetup setup = new ClientSetup();
    private DeliveryResult result =
            new DeliveryResult(List.of(), java.time.Duration.ZERO, java.time.Duration.ZERO, false);

    private static DeliveryRequest request(String nextHop, String... recipients) {
        return request(nextHop, Params.NONE, recipients);
    }

    private static DeliveryRequest request(String nextHop, Params params, String... recipients) {
        List<Recipient> all = Stream.of(recipients)
                .map(address -> new Recipient(Address.ofInternal(address), Params.NONE))
                .toList();
        Mail mail = new Mail(
                new QueueId(0x4F0C3A91B2L),
                Path.of(new Address("sender", "a.example")),
                params,
                Peer.LOCAL,
                Instant.EPOCH,
                all,
                TEXT.length(),
                "<id@a.example>",
                false,
                !params.isEmpty(),
                "",
                false);
        return new DeliveryRequest(
                mail, all, "smtp", nextHop, 0, () -> new MemoryBody(TEXT.getBytes(StandardCharsets.US_ASCII)));
    }

    private List<DeliveryStatus> deliver(DeliveryRequest request, String... scripts) throws Exception {
        ScriptedPeer peer = new ScriptedPeer(scripts);
        try (SmtpClient client = setup.client(peer)) {
            result = new SmtpDelivery(client, setup, "smtp", setup).deliver(request);
        }
        assertThat(peer.errors()).isEmpty();
        return result.statuses();
    }

    /// `bounced 5.1.1`
    private static List<String> words(List<DeliveryStatus> statuses) {
        return statuses.stream()
                .map(status -> switch (status) {
                    case DeliveryStatus.Sent sent -> "sent " + sent.status();
                    case DeliveryStatus.Deferred deferred -> "deferred " + deferred.status();
                    case DeliveryStatus.Bounced bounced -> "bounced " + bounced.status();
                })
                .toList();
    }

    @Test
    void eachRecipientHasItsOwnEnd() throws Exception {
        List<DeliveryStatus> statuses =
                deliver(request("one.example", "one@b.example", "two@b.example"), HELLO + ENVELOPE + """
                        S: 250 2.1.0 Ok
                        S! 250 2.1.5 Ok
                        S! 550 5.1.1 <two@b.example>: no such user
                        S! 354 go on
                        C. text
                        S: 250 2.0.0 Ok: queued as 12345
                        C: QUIT
                        """);
        assertThat(words(statuses)).containsExactly("sent 2.0.0", "bounced 5.1.1");
        assertThat(statuses.getFirst().text()).isEqualTo("250 2.0.0 Ok: queued as 12345");
        assertThat(statuses.getFirst().relay()).isEqualTo("mx1.example[192.0.2.1]:25");
        assertThat(statuses.getLast().text())
                .isEqualTo(
                        "host mx1.example[192.0.2.1] said: 550 5.1.1 <two@b.example>: no such user (in reply to RCPT TO command)");
        assertThat(statuses.getLast().remoteMta()).isEqualTo("mx1.example");
        assertThat(result.nextHopFailed()).isFalse();
        assertThat(setup.log()).isEmpty();
    }

    @Test
    void whoIsRefusedForTheMomentIsOfferedToTheNextServer() throws Exception {
        List<DeliveryStatus> statuses =
                deliver(request("two.example", "one@b.example", "two@b.example"), HELLO + ENVELOPE + """
                        S: 250 2.1.0 Ok
                        S! 250 2.1.5 Ok
                        S! 450 4.2.0 greylisted
                        S! 354 go on
                        C. text
                        S: 250 2.0.0 Ok
                        C: QUIT
                        """, HELLO + """
                        C: MAIL FROM:<sender@a.example>
                        C: RCPT TO:<two@b.example>
                        C: DATA
                        S: 250 2.1.0 Ok
                        S! 250 2.1.5 Ok
                        S! 354 go on
                        C. text
                        S: 250 2.0.0 second
                        C: QUIT
                        """);
        assertThat(words(statuses)).containsExactly("sent 2.0.0", "sent 2.0.0");
        assertThat(statuses.getLast().relay()).isEqualTo("mx2.example[192.0.2.2]:25");
        assertThat(setup.log())
                .containsExactly(
                        "smtp: 4F0C3A91B2: host mx1.example[192.0.2.1] said: 450 4.2.0 greylisted (in reply to RCPT TO command)");
    }

    @Test
    void theLastServersWordCounts() throws Exception {
        String greylisting = HELLO + ENVELOPE + """
                        S: 250 2.1.0 Ok
                        S! 450 4.2.0 one
                        S! 450 4.2.0 two
                        S! 554 5.5.1 no valid recipients
                        C: QUIT
                        """;
        List<DeliveryStatus> one = deliver(request("one.example", "one@b.example", "two@b.example"), greylisting);
        assertThat(words(one)).containsExactly("deferred 4.2.0", "deferred 4.2.0");
        assertThat(one.getLast().text()).contains("450 4.2.0 two");
        assertThat(result.nextHopFailed()).as("the server answers").isFalse();
        List<DeliveryStatus> two =
                deliver(request("two.example", "one@b.example", "two@b.example"), greylisting, "refuse");
        assertThat(two.getLast().text()).isEqualTo("connect to mx2.example[192.0.2.2]:25: Connection refused");
    }

    @Test
    void aNextHopThatCannotBeReachedIsSaidSo() throws Exception {
        List<DeliveryStatus> statuses = deliver(request("two.example", "one@b.example"), "refuse", "refuse");
        assertThat(words(statuses)).containsExactly("deferred 4.4.1");
        assertThat(statuses.getFirst().relay()).isEqualTo("none");
        assertThat(result.nextHopFailed()).isTrue();
        assertThat(setup.log())
                .containsExactly(
                        "smtp: connect to mx1.example[192.0.2.1]:25: Connection refused",
                        "smtp: connect to mx2.example[192.0.2.2]:25: Connection refused");
        assertThat(words(deliver(request("nowhere.example", "one@b.example")))).containsExactly("bounced 5.4.4");
        assertThat(words(deliver(request("broken.example", "one@b.example")))).containsExactly("deferred 4.4.3");
        assertThat(words(deliver(request("null.example", "one@b.example")))).containsExactly("bounced 5.1.10");
    }

    @Test
    void anAttemptLimitHoldsForServersThatTookPart() throws Exception {
        setup.dns()
                .add("three.example MX 1 mx1.example")
                .add("three.example MX 2 mx2.example")
                .add("three.example MX 3 mx3.example")
                .add("mx3.example A 192.0.2.3");
        String refusing = HELLO + """
                C: MAIL FROM:<sender@a.example>
                C: RCPT TO:<one@b.example>
                C: DATA
                S: 451 4.3.0 later
                S! 503 no
                S! 503 no
                C: QUIT
                """;
        List<DeliveryStatus> statuses = deliver(request("three.example", "one@b.example"), refusing, refusing);
        assertThat(words(statuses)).containsExactly("deferred 4.3.0");
    }

    /// RFC 5321 §4.2.5, RFC 1047: never elsewhere at once, never back to the sender.
    @Test
    void aMessageThatMayHaveBeenTakenIsNotOfferedElsewhere() throws Exception {
        List<DeliveryStatus> statuses =
                deliver(request("two.example", "one@b.example", "two@b.example"), HELLO + ENVELOPE + """
                        S: 250 2.1.0 Ok
                        S! 250 2.1.5 Ok
                        S! 250 2.1.5 Ok
                        S! 354 go on
                        C. text
                        close
                        """);
        assertThat(words(statuses)).containsExactly("deferred 4.4.2", "deferred 4.4.2");
        assertThat(statuses.getFirst().text())
                .isEqualTo(
                        "lost connection with mx1.example[192.0.2.1] while sending end of data -- message may be sent more than once");
    }

    @Test
    void aConnectionLostBeforeThatGoesOnElsewhere() throws Exception {
        List<DeliveryStatus> statuses = deliver(
                request("two.example", "one@b.example"), HELLO + "C: MAIL FROM:<sender@a.example>\nclose", HELLO + """
                        C: MAIL FROM:<sender@a.example>
                        C: RCPT TO:<one@b.example>
                        C: DATA
                        S: 250 Ok
                        S! 250 Ok
                        S! 354 go on
                        C. text
                        S: 250 Ok
                        C: QUIT
                        """);
        assertThat(words(statuses)).containsExactly("sent 2.0.0");
        assertThat(setup.log())
                .containsExactly(
                        "smtp: 4F0C3A91B2: lost connection with mx1.example[192.0.2.1] while sending MAIL FROM");
    }

    /// RFC 6531 §3.6: a clean refusal when the next hop cannot take it.
    @Test
    void aMessageThatNeedsSmtpUtf8GoesBackFromAServerWithoutIt() throws Exception {
        List<DeliveryStatus> statuses = deliver(
                request("one.example", Params.NONE.with(SmtpUtf8.SMTPUTF8, true), "one@b.example"), HELLO + "C: QUIT");
        assertThat(words(statuses)).containsExactly("bounced 5.6.7");
        assertThat(statuses.getFirst().text())
                .isEqualTo("SMTPUTF8 is required, but was not offered by host mx1.example[192.0.2.1]");
    }

    /// RFC 9422 §4.2.
    @Test
    void noMoreRecipientsThanTheServerTakesAtATime() throws Exception {
        String transaction = """
                C: MAIL FROM:<sender@a.example>
                C: RCPT TO:<%s>
                C: DATA
                S: 250 Ok
                S! 250 Ok
                S! 354 go on
                C. text
                S: 250 Ok
                """;
        List<DeliveryStatus> statuses = deliver(
                request("one.example", "one@b.example", "two@b.example"),
                HELLO.replace("250 PIPELINING", "250-PIPELINING\nS! 250 LIMITS MAILMAX=5 RCPTMAX=1")
                        + transaction.formatted("one@b.example") + transaction.formatted("two@b.example") + "C: QUIT");
        assertThat(words(statuses)).containsExactly("sent 2.0.0", "sent 2.0.0");
    }

    @Test
    void aTextThatCannotBeReadKeepsTheMail() throws Exception {
        DeliveryRequest whole = request("one.example", "one@b.example");
        DeliveryRequest broken = new DeliveryRequest(whole.mail(), whole.recipients(), "smtp", "one.example", 0, () -> {
            throw new IOException("EIO");
        });
        assertThat(words(deliver(broken, HELLO + "C: QUIT"))).containsExactly("deferred 4.3.0");
    }

    @Test
    void overLmtpEachRecipientIsAnsweredAtTheEnd() throws Exception {
        setup.lmtp();
        List<DeliveryStatus> statuses = deliver(
                request("unix:/run/lmtp", "one@b.example", "two@b.example"),
                HELLO.replace("EHLO", "LHLO") + ENVELOPE + """
                        S: 250 2.1.0 Ok
                        S! 250 2.1.5 Ok
                        S! 250 2.1.5 Ok
                        S! 354 go on
                        C. text
                        S: 250 2.0.0 saved
                        S! 552 5.2.2 over quota
                        C: QUIT
                        S: 221 bye
                        """);
        assertThat(words(statuses)).containsExactly("sent 2.0.0", "bounced 5.2.2");
        assertThat(statuses.getFirst().relay()).isEqualTo("mail.example[/run/lmtp]");
    }

    @Test
    void theErrorTransportsNextHopIsTheReason() {
        DeliveryStatus coded = new ErrorDeliveryCase("5.1.1 no such user").bounced();
        assertThat(coded.status()).hasToString("5.1.1");
        assertThat(coded.text()).isEqualTo("no such user");
        assertThat(coded.relay()).isEqualTo("none");
        assertThat(new ErrorDeliveryCase("local mail delivery is disabled")
                        .bounced()
                        .status())
                .hasToString("5.0.0");
        assertThat(new ErrorDeliveryCase("5.1.1 not now").deferred().status())
                .as("retry never bounces")
                .hasToString("4.1.1");
        assertThat(new DiscardDelivery()
                        .deliver(request("4.2.1 silently", "a@b.example"))
                        .statuses()
                        .getFirst()
                        .status())
                .hasToString("2.2.1");
    }

    private record ErrorDeliveryCase(String nextHop) {
        DeliveryStatus bounced() {
            return ErrorDelivery.error()
                    .deliver(request(nextHop, "a@b.example"))
                    .statuses()
                    .getFirst();
        }

        DeliveryStatus deferred() {
            return ErrorDelivery.retry()
                    .deliver(request(nextHop, "a@b.example"))
                    .statuses()
                    .getFirst();
        }
    }

    @Test
    void aProbeAsksAndSendsNothing() throws Exception {
        String probe = """
                C: MAIL FROM:<double-bounce@mail.example>
                S: 250 2.1.0 Ok
                C: RCPT TO:<one@b.example>
                S: %s
                C: RSET
                S: 250 Ok
                C: QUIT
                """;
        assertThat(words(List.of(probe(HELLO + probe.formatted("250 2.1.5 Ok")))))
                .containsExactly("sent 2.1.5");
        assertThat(words(List.of(probe(HELLO + probe.formatted("550 5.1.1 no")))))
                .containsExactly("bounced 5.1.1");
        assertThat(words(List.of(probe(HELLO + probe.formatted("451 4.7.1 later")))))
                .containsExactly("deferred 4.7.1");
        assertThat(words(List.of(probe("refuse")))).containsExactly("deferred 4.4.1");
    }

    private DeliveryStatus probe(String script) throws Exception {
        ScriptedPeer peer = new ScriptedPeer(script);
        try (SmtpClient client = setup.client(peer)) {
            RecipientProbe probe = new RecipientProbe(client, Path.of(new Address("double-bounce", "mail.example")));
            DeliveryStatus status = probe.probe(new Address("one", "b.example"), "[mx1.example]:2525");
            client.close();
            assertThat(peer.errors()).isEmpty();
            return status;
        }
    }
}
