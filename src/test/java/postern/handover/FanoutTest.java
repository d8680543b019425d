package postern.handover;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import postern.address.Address;
import postern.cleanup.Outlet;
import postern.config.MainCf;
import postern.queue.Mail;
import postern.queue.SimLedger;
import postern.smtp.Envelope;
import postern.smtp.Params;
import postern.smtp.Peer;
import postern.smtp.Recipient;
import postern.smtp.Reply;
import postern.smtp.client.ClientSetup;
import postern.smtp.client.ScriptedPeer;
import postern.smtp.client.SmtpClient;

/// One message to several next hops: its one answer, and what happens when it comes again.
class FanoutTest {
    private static final String TEXT = "Subject: x\r\n\r\nhello\r\n";
    private static final String TRANSACTION = """
            S: 220 mx.example ESMTP
            C: EHLO mail.example
            S: 250-mx.example
            S: 250 PIPELINING
            C: MAIL FROM:<a@sender.example>
            C: RCPT TO:<%s>
            S: 250 2.1.0 Ok
            """;
    private static final String DATA = """
            S: 250 2.1.5 Ok
            C: DATA
            S: 354 go
            C. text
            """;
    private static final String QUIT = "\nC: QUIT\n";
    private static final String LEFT_OUT = """
            S: 250 2.1.5 Ok
            C: RSET
            S: 250 Ok
            C: QUIT
            """;

    private final ClientSetup setup = new ClientSetup();
    private final List<ScriptedPeer> peers = new ArrayList<>();
    private final Map<String, String> parameters =
            new HashMap<>(Map.of("postern_handover_line_timeout", "1s", "postern_relay_fanout", "3"));
    private final NoticeBox notices = new NoticeBox();
    private SimLedger ledger;
    private boolean ours;

    @BeforeEach
    void emptyLedger() throws IOException {
        ledger = new SimLedger();
    }

    @AfterEach
    void everyScriptWasPlayed() throws InterruptedException {
        for (ScriptedPeer peer : peers) {
            assertThat(peer.errors()).isEmpty();
        }
    }

    @Test
    void allTookIt() {
        assertThat(send(taken("b@d1.example"), taken("b@d2.example"), taken("b@d3.example")))
                .isEqualTo("250 2.0.0 Ok: taken for 3 recipients");
        assertThat(texts()).containsExactly(TEXT, TEXT, TEXT);
        assertThat(ledger.ledger().isEmpty()).isTrue();
    }

    @Test
    void noneTookItAndOneMayLater() {
        assertThat(send(refused("b@d1.example", "554 5.7.1 Spam"), refused("b@d2.example", "450 4.7.1 Wait")))
                .isEqualTo("451 4.7.1 Wait");
        assertThat(ledger.ledger().isEmpty()).isTrue();
    }

    @Test
    void allRefusedIt() {
        assertThat(send(refused("b@d1.example", "554 5.7.1 Spam"), refused("b@d2.example", "550 5.6.0 Bad")))
                .isEqualTo("554 5.7.1 Spam");
        assertThat(notices.refused).isEmpty();
    }

    @Test
    void repeatGoesOnlyToTheRest() {
        assertThat(send(taken("b@d1.example"), refused("b@d2.example", "450 4.7.1 Wait"), taken("b@d3.example")))
                .isEqualTo("451 4.7.1 2 of 3 recipients have the message, send it again for the others: Wait");
        assertThat(send(leftOut("b@d1.example"), refused("b@d2.example", "450 4.7.1 Wait"), leftOut("b@d3.example")))
                .startsWith("451 4.7.1 2 of 3");
        assertThat(send(leftOut("b@d1.example"), taken("b@d2.example"), leftOut("b@d3.example")))
                .startsWith("250 2.0.0");
        assertThat(texts()).hasSize(5);
    }

    @Test
    void repeatOfALongTextIsCutBeforeItsFinalDot() {
        String text = "Subject: long\r\n\r\n" + ("x".repeat(998) + "\r\n").repeat(100);
        assertThat(send(text, taken("b@d1.example"), refused("b@d2.example", "450 4.7.1 Wait")))
                .startsWith("451 4.7.1");
        assertThat(texts()).containsOnly(text);
        assertThat(send(text, script("b@d1.example", DATA), taken("b@d2.example")))
                .startsWith("250");
        ScriptedPeer last = peers.removeLast();
        assertThat(last.texts()).containsExactly(text);
        assertThat(errors(last)).singleElement().asString().contains("the client has closed");
    }

    @Test
    void otherTextToTheSamePeopleIsAnotherMessage() {
        send(taken("b@d1.example"), refused("b@d2.example", "450 4.7.1 Wait"));
        assertThat(send("Subject: y\r\n\r\n", taken("b@d1.example"), taken("b@d2.example")))
                .isEqualTo("250 2.0.0 Ok: taken for 2 recipients");
    }

    @Test
    void messageThatAllTookArrivesAgainWhenItIsSentAgain() {
        send(taken("b@d1.example"), taken("b@d2.example"));
        assertThat(send(taken("b@d1.example"), taken("b@d2.example"))).startsWith("250");
        assertThat(texts()).hasSize(4);
    }

    @Test
    void repeatForOneRecipientAlone() {
        send(taken("b@d1.example"), refused("b@d2.example", "450 4.7.1 Wait"));
        assertThat(send(leftOut("b@d1.example"))).isEqualTo("250 2.0.0 Ok: taken before");
        assertThat(send(taken("b@d2.example"))).startsWith("250 2.0.0");
    }

    /// Behind one next hop one has the message and another does not: two transactions there.
    @Test
    void recipientsOfOneNextHopAreDividedByWhatTheyHave() {
        send(taken("b@d1.example"), refused("b@d2.example", "450 4.7.1 Wait"));
        assertThat(send(leftOut("b@d1.example"), taken("c@d1.example"), taken("b@d2.example")))
                .startsWith("250");
        assertThat(texts()).hasSize(4);
    }

    @Test
    void senderIsToldWhoRefusedWhatOthersTook() {
        assertThat(send(taken("b@d1.example"), refused("b@d2.example", "554 5.7.1 Spam")))
                .isEqualTo("250 2.0.0 Ok: taken for 1 of 2 recipients");
        assertThat(notices.refused).containsExactly("b@d2.example: 554 5.7.1 Spam: " + TEXT);
    }

    @Test
    void noticeThatIsNotTakenIsTryAgainForTheRest() {
        notices.takes = false;
        assertThat(send(taken("b@d1.example"), refused("b@d2.example", "554 5.7.1 Spam")))
                .startsWith("451 4.3.0");
        notices.takes = true;
        assertThat(send(leftOut("b@d1.example"), refused("b@d2.example", "554 5.7.1 Spam")))
                .startsWith("250 2.0.0");
        assertThat(notices.refused).hasSize(2);
    }

    @Test
    void noticeWaitsWhileSomeMayStillTakeIt() {
        assertThat(send(
                        taken("b@d1.example"),
                        refused("b@d2.example", "554 5.7.1 Spam"),
                        refused("b@d3.example", "451 4.3.0 Later")))
                .startsWith("451 4.3.0 1 of 3");
        assertThat(notices.refused).isEmpty();
    }

    @Test
    void whatCannotBeWrittenDownIsTryAgainAndKnownMeanwhile() {
        ledger.fails(true);
        assertThat(send(taken("b@d1.example"), refused("b@d2.example", "554 5.7.1 Spam")))
                .startsWith("451 4.3.0 Some recipients have the message");
        assertThat(notices.refused).isEmpty();
        ledger.fails(false);
        assertThat(send(leftOut("b@d1.example"), refused("b@d2.example", "554 5.7.1 Spam")))
                .startsWith("250 2.0.0");
    }

    /// Power cuts at each step of the ledger's disk: no answer without the entry, and no second copy with it.
    @Test
    void cutAtEachStepOfTheLedger() throws IOException {
        for (int step = 1; step <= 2; step++) {
            for (long seed = 0; seed < 4; seed++) {
                ledger = new SimLedger();
                ledger.stopAfter(step);
                assertThat(stopped(taken("b@d1.example"), refused("b@d2.example", "554 5.7.1 Spam")))
                        .isTrue();
                assertThat(notices.refused)
                        .as("nobody is told before it is forced")
                        .isEmpty();
                ledger = ledger.found(seed);
                boolean known = !ledger.ledger().isEmpty();
                assertThat(send(
                                known ? leftOut("b@d1.example") : taken("b@d1.example"),
                                refused("b@d2.example", "554 5.7.1 Spam")))
                        .startsWith("250");
                ledger = ledger.found(seed);
                assertThat(ledger.ledger().isEmpty()).isFalse();
                notices.refused.clear();
            }
        }
    }

    @Test
    void oneThatHangsStopsTheOthersNoLongerThanItsTimeLimit() {
        assertThat(send(taken("b@d1.example"), script("b@d2.example", """
                        S: 250 2.1.5 Ok
                        C: DATA
                        S: 354 go
                        C. text
                        expire
                        """)))
                .startsWith("451 4.4.2 1 of 2 recipients have the message");
        assertThat(send(leftOut("b@d1.example"), taken("b@d2.example"))).startsWith("250");
    }

    @Test
    void oneThatIsLostInALongTextDoesNotEndTheOthers() {
        String text = "Subject: long\r\n\r\n" + ("x".repeat(998) + "\r\n").repeat(100);
        assertThat(send(text, taken("b@d1.example"), script("b@d2.example", """
                        S: 250 2.1.5 Ok
                        C: DATA
                        S: 451 4.3.0 no
                        C: RSET
                        S: 250 Ok
                        C: QUIT
                        """)))
                .startsWith("451 4.3.0 1 of 2");
        assertThat(texts()).containsExactly(text);
    }

    @Test
    void longTextThatNobodyWaitsForIsRefusedAtOnce() {
        String no = "S: 250 2.1.5 Ok\nC: DATA\nS: 554 5.7.1 no\nC: RSET\nS: 250 Ok\nC: QUIT\n";
        String text = ("x".repeat(998) + "\r\n").repeat(100);
        assertThat(send(text, script("b@d1.example", no), script("b@d2.example", no)))
                .isEqualTo("554 5.7.1 no");
    }

    @Test
    void tooManyNextHopsAreForAnotherMessage() {
        Outlet message = open(leftOut("b@d1.example"), leftOut("b@d2.example"), leftOut("b@d3.example"));
        assertThat(rcpt(message, "b@d1.example")).startsWith("250");
        assertThat(rcpt(message, "b@d2.example")).startsWith("250");
        assertThat(rcpt(message, "b@d3.example")).startsWith("250");
        assertThat(rcpt(message, "b@d4.example")).isEqualTo("452 4.5.3 Too many next hops for one message");
        message.abort();
    }

    @Test
    void aliasOfSeveralNextHopsIsAllOrNone() {
        Outlet message = open(
                taken("b@d1.example"),
                leftOut("b@d2.example"),
                script("b@d3.example", "S: 550 5.1.1 no b\nC: RSET\nS: 250 Ok\nC: QUIT\n"));
        assertThat(rcpt(message, "b@d1.example")).startsWith("250");
        assertThat(rcpt(message, "b@d2.example", "b@d3.example")).isEqualTo("550 5.1.1 no b");
        assertThat(commit(message, TEXT)).startsWith("250");
        assertThat(texts()).containsExactly(TEXT);
    }

    /// A stranger's sender address gets no notice.
    @Test
    void aliasOfSeveralNextHopsOfOursMakesNoNotice() {
        ours = true;
        notices.knows = false;
        Outlet message = open(taken("b@d1.example"), refused("b@d2.example", "554 5.7.1 Spam"));
        assertThat(rcpt(message, "b@d1.example", "b@d2.example")).startsWith("250");
        assertThat(rcpt(message, "b@d3.example")).startsWith("452 4.5.3 Recipient of another next hop");
        assertThat(commit(message, TEXT)).startsWith("250 2.0.0");
        assertThat(notices.refused).isEmpty();
    }

    /// What one next hop does with its recipient.
    private record Script(String recipient, String text) {}

    private static Script script(String recipient, String rest) {
        return new Script(recipient, TRANSACTION.formatted(recipient) + rest);
    }

    private static Script taken(String recipient) {
        return script(recipient, DATA + "S: 250 2.0.0 taken" + QUIT);
    }

    private static Script refused(String recipient, String reply) {
        return script(recipient, DATA + "S: " + reply + QUIT);
    }

    private static Script leftOut(String recipient) {
        return script(recipient, LEFT_OUT);
    }

    private String send(Script... scripts) {
        return send(TEXT, scripts);
    }

    private String send(String text, Script... scripts) {
        Outlet message = open(scripts);
        for (Script script : scripts) {
            assertThat(rcpt(message, script.recipient())).startsWith("250");
        }
        return commit(message, text);
    }

    private boolean stopped(Script... scripts) {
        try {
            send(scripts);
            return false;
        } catch (Error e) {
            if (SimLedger.isStop(e)) {
                return true;
            }
            throw e;
        }
    }

    private Outlet open(Script... scripts) {
        ScriptedPeer peer =
                new ScriptedPeer(Stream.of(scripts).map(Script::text).toArray(String[]::new));
        peers.add(peer);
        SmtpClient client = setup.set("smtp_connection_cache_on_demand", "no").client(peer);
        PassThrough.Behind behind =
                new PassThrough.Behind((sender, recipient) -> way(client, recipient), ledger.ledger(), notices);
        PassThrough through = new PassThrough(MainCf.of(Path.of("/"), parameters), behind, setup, setup);
        return through.open(new Envelope(
                postern.address.Path.of(Address.ofInternal("a@sender.example")),
                Params.NONE,
                Peer.LOCAL,
                Instant.EPOCH));
    }

    /// `b@d7.example` goes to `[192.0.2.7]`.
    private Way way(SmtpClient client, Address recipient) {
        String nextHop = "[192.0.2." + recipient.internal().replaceAll("\\D+", "") + "]";
        return new Way.To(client, "postfix/smtp", nextHop, recipient, ours, 0);
    }

    private static String rcpt(Outlet message, String... addresses) {
        List<Recipient> recipients = Stream.of(addresses)
                .map(address -> new Recipient(Address.ofInternal(address), Params.NONE))
                .toList();
        return message.rcpt(recipients).toString();
    }

    /// Brings a text as `cleanup` does: with a field in front that is another each time.
    private String commit(Outlet message, String text) {
        try {
            for (int at = 0; at < text.length(); at += 10_000) {
                String piece = text.substring(at, Math.min(text.length(), at + 10_000));
                message.received(ByteBuffer.wrap(piece.getBytes(StandardCharsets.UTF_8)));
                message.write(ByteBuffer.wrap(piece.getBytes(StandardCharsets.UTF_8)));
            }
            return message.commit(new Outlet.Complete(mail(message), List.of(), false))
                    .forAll()
                    .toString();
        } catch (Reply.Refused refused) {
            message.abort();
            return refused.reply().toString();
        }
    }

    private static Mail mail(Outlet message) {
        return Crossing.mail(message, postern.address.Path.of(Address.ofInternal("a@sender.example")));
    }

    private List<String> texts() {
        return peers.stream().flatMap(peer -> peer.texts().stream()).toList();
    }

    private static List<String> errors(ScriptedPeer peer) {
        try {
            return peer.errors();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
