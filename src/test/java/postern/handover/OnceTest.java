package postern.handover;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
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

/// A reply to the end of data that is lost between two servers of ours: the repeat finds out first what became of
/// the message.
class OnceTest {
    private static final String GREETING = """
            S: 220 mx.one.example ESMTP
            C: EHLO mail.example
            S: 250-mx.one.example
            S: 250-PIPELINING
            S: 250-XHANDOVER
            S: 250 8BITMIME
            """;
    private static final String ASKED = GREETING + """
            C: MAIL FROM:<a@sender.example> XHANDOVER=*
            C: RCPT TO:<bob@one.example>
            S: 250 2.1.0 Ok
            S: 250 2.1.5 Ok
            """;
    private static final String LOST = ASKED + """
            C: DATA
            S: 354 go on
            C. text
            close
            """;
    private static final String TAKES = ASKED + """
            C: DATA
            S: 354 go on
            C. text
            S: 250 2.0.0 Ok: queued as 1
            """;
    private static final String WAS_LOST = "451 4.4.2 Connection with next hop lost, try again later";
    private static final String BEFORE = "250 2.0.0 Ok: taken before";

    private final ClientSetup setup = new ClientSetup();
    private SimLedger ledger;

    @BeforeEach
    void ledger() throws Exception {
        ledger = new SimLedger();
    }

    /// The next hop has it: the copy does not go a second time. A third message is another one.
    @Test
    void whatWasTakenIsNotSentAgainAndWhatComesAThirdTimeIsAnotherMessage() throws Exception {
        ScriptedPeer peer = new ScriptedPeer(LOST, ASKED + """
                C: XFATE *
                S: 250 2.0.0 Taken
                C: RSET
                S: 250 2.0.0 Ok
                C: QUIT
                """, TAKES + "C: QUIT\n");
        PassThrough through = to(peer);
        assertThat(send(through, Crossing.TEXT)).isEqualTo(WAS_LOST);
        assertThat(send(through, Crossing.TEXT)).isEqualTo(BEFORE);
        assertThat(send(through, Crossing.TEXT)).isEqualTo("250 2.0.0 Ok: queued as 1");
        assertThat(peer.errors()).isEmpty();
    }

    /// The next hop has it not: it goes, under another id.
    @Test
    void whatIsUnknownIsSentAgainOnTheSameLine() throws Exception {
        ScriptedPeer peer = new ScriptedPeer(LOST, ASKED + """
                C: XFATE *
                S: 550 5.5.0 Unknown
                C: DATA
                S: 354 go on
                C. text
                S: 250 2.0.0 Ok: queued as 2
                C: QUIT
                """, TAKES + "C: QUIT\n");
        PassThrough through = to(peer);
        assertThat(send(through, Crossing.TEXT)).isEqualTo(WAS_LOST);
        assertThat(send(through, Crossing.TEXT)).isEqualTo("250 2.0.0 Ok: queued as 2");
        assertThat(send(through, Crossing.TEXT)).isEqualTo("250 2.0.0 Ok: queued as 1");
        assertThat(peer.errors()).isEmpty();
    }

    /// Neither yes nor no: the client keeps it, and it is asked again.
    @Test
    void whatIsNotDecidedIsAskedAgain() throws Exception {
        String undecided = ASKED + """
                C: XFATE *
                S: 451 4.5.0 Not decided, ask again later
                C: RSET
                S: 250 2.0.0 Ok
                C: QUIT
                """;
        ScriptedPeer peer = new ScriptedPeer(LOST, undecided, undecided, ASKED + """
                C: XFATE *
                S: 250 2.0.0 Taken
                C: RSET
                S: 250 2.0.0 Ok
                C: QUIT
                """);
        PassThrough through = to(peer);
        assertThat(send(through, Crossing.TEXT)).isEqualTo(WAS_LOST);
        String notYet = "451 4.4.2 Next hop may have the message, try again later";
        assertThat(send(through, Crossing.TEXT)).isEqualTo(notYet);
        assertThat(send(through, Crossing.TEXT)).isEqualTo(notYet);
        assertThat(send(through, Crossing.TEXT)).isEqualTo(BEFORE);
        assertThat(peer.errors()).isEmpty();
    }

    /// A text that streams has begun before it is known: the question goes another way, and the copy ends without
    /// its final dot.
    @Test
    void aStreamedTextIsCutBeforeItsFinalDot() throws Exception {
        ScriptedPeer peer = new ScriptedPeer(LOST, ASKED + """
                C: DATA
                S: 354 go on
                C. text
                """, GREETING + """
                C: XFATE *
                S: 250 2.0.0 Taken
                C: QUIT
                """);
        PassThrough through = to(peer);
        assertThat(send(through, Crossing.LONG)).isEqualTo(WAS_LOST);
        assertThat(send(through, Crossing.LONG)).isEqualTo(BEFORE);
        assertThat(peer.texts()).containsExactly(Crossing.LONG);
    }

    @Test
    void aStreamedTextThatIsUnknownEndsAsOne() throws Exception {
        ScriptedPeer peer = new ScriptedPeer(LOST, TAKES + "C: QUIT\n", GREETING + """
                C: XFATE *
                S: 550 5.5.0 Unknown
                C: QUIT
                """);
        PassThrough through = to(peer);
        assertThat(send(through, Crossing.LONG)).isEqualTo(WAS_LOST);
        assertThat(send(through, Crossing.LONG)).isEqualTo("250 2.0.0 Ok: queued as 1");
        assertThat(peer.texts()).containsExactly(Crossing.LONG, Crossing.LONG);
        assertThat(peer.errors()).isEmpty();
    }

    /// Where no reply was lost nothing is asked.
    @Test
    void theSameMessageSentTwiceOnPurposeArrivesTwice() throws Exception {
        ScriptedPeer peer = new ScriptedPeer(TAKES + "C: QUIT\n", TAKES + "C: QUIT\n");
        PassThrough through = to(peer);
        assertThat(send(through, Crossing.TEXT)).startsWith("250");
        assertThat(send(through, Crossing.TEXT)).startsWith("250");
        assertThat(peer.texts()).hasSize(2);
        assertThat(peer.errors()).isEmpty();
        assertThat(ledger.ledger().isEmpty()).isTrue();
    }

    /// Another message of the same sender to the same recipient is not held up.
    @Test
    void anotherMessageIsNotAskedAbout() throws Exception {
        ScriptedPeer peer = new ScriptedPeer(LOST, TAKES + "C: QUIT\n");
        PassThrough through = to(peer);
        assertThat(send(through, Crossing.TEXT)).isEqualTo(WAS_LOST);
        assertThat(send(through, Crossing.TEXT + "another\r\n")).startsWith("250");
        assertThat(peer.errors()).isEmpty();
    }

    /// What a power cut here leaves is asked about too: it was forced before the client heard 451.
    @Test
    void aLostReplyIsRememberedWhateverHappensHere() throws Exception {
        ScriptedPeer peer = new ScriptedPeer(LOST, ASKED + """
                C: XFATE *
                S: 250 2.0.0 Taken
                C: RSET
                S: 250 2.0.0 Ok
                C: QUIT
                """, TAKES + "C: QUIT\n");
        SmtpClient client = client(peer);
        assertThat(send(to(client), Crossing.TEXT)).isEqualTo(WAS_LOST);
        ledger = ledger.found(3);
        assertThat(send(to(client), Crossing.TEXT)).isEqualTo(BEFORE);
        ledger = ledger.found(4);
        assertThat(send(to(client), Crossing.TEXT)).isEqualTo("250 2.0.0 Ok: queued as 1");
        assertThat(peer.errors()).isEmpty();
    }

    /// What cannot be written down that it is settled would swallow the next message that is the same.
    @Test
    void whatCannotBeWrittenDownStaysInDoubt() throws Exception {
        String taken = ASKED + """
                C: XFATE *
                S: 250 2.0.0 Taken
                C: RSET
                S: 250 2.0.0 Ok
                C: QUIT
                """;
        ScriptedPeer peer = new ScriptedPeer(LOST, taken, taken);
        PassThrough through = to(peer);
        assertThat(send(through, Crossing.TEXT)).isEqualTo(WAS_LOST);
        ledger.fails(true);
        assertThat(send(through, Crossing.TEXT)).isEqualTo("451 4.3.0 Next hop has the message, try again");
        ledger.fails(false);
        assertThat(send(through, Crossing.TEXT)).isEqualTo(BEFORE);
        assertThat(peer.errors()).isEmpty();
    }

    /// A server that offers no ids is as it always was: the message may come twice.
    @Test
    void withoutIdsNothingCanBeAsked() throws Exception {
        String old = """
                S: 220 mx.one.example ESMTP
                C: EHLO mail.example
                S: 250-mx.one.example
                S: 250 PIPELINING
                C: MAIL FROM:<a@sender.example>
                C: RCPT TO:<bob@one.example>
                S: 250 2.1.0 Ok
                S: 250 2.1.5 Ok
                C: DATA
                S: 354 go on
                C. text
                """;
        ScriptedPeer peer = new ScriptedPeer(old + "close\n", old + "S: 250 2.0.0 Ok\nC: QUIT\n");
        PassThrough through = to(peer);
        assertThat(send(through, Crossing.TEXT)).isEqualTo(WAS_LOST);
        assertThat(send(through, Crossing.TEXT)).isEqualTo("250 2.0.0 Ok");
        assertThat(peer.errors()).isEmpty();
    }

    /// The server that was given the message is away, another one of the next hop is not: it cannot know.
    @Test
    void anotherServerCannotTellThatAMessageIsUnknown() throws Exception {
        String asked = ASKED.replace("bob@one.example", "bob@two.example");
        String lost = LOST.replace("bob@one.example", "bob@two.example");
        ScriptedPeer peer = new ScriptedPeer(lost, "refuse", asked + "C: RSET\nS: 250 2.0.0 Ok\nC: QUIT\n", "refuse");
        PassThrough through = to(peer);
        assertThat(send(through, "bob@two.example", Crossing.TEXT)).isEqualTo(WAS_LOST);
        assertThat(send(through, "bob@two.example", Crossing.TEXT))
                .isEqualTo("451 4.4.2 Next hop may have the message, try again later");
        assertThat(peer.errors()).isEmpty();
    }

    private SmtpClient client(ScriptedPeer peer) {
        return setup.set("smtp_connection_cache_on_demand", "no").client(peer);
    }

    private PassThrough to(ScriptedPeer peer) {
        return to(client(peer));
    }

    private PassThrough to(SmtpClient client) {
        return new PassThrough(
                MainCf.of(Path.of("/"), Map.of("postern_handover_line_timeout", "1s")),
                new PassThrough.Behind(
                        (sender, recipient) -> new Way.To(
                                client, "postfix/relay/smtp", String.valueOf(recipient.domain()), recipient, true, 1),
                        ledger.ledger(),
                        new NoticeBox()),
                setup,
                setup);
    }

    private static String send(PassThrough through, String text) {
        return send(through, "bob@one.example", text);
    }

    private static String send(PassThrough through, String recipient, String text) {
        Outlet message = through.open(new Envelope(
                postern.address.Path.of(Address.ofInternal("a@sender.example")),
                Params.NONE,
                Peer.LOCAL,
                Instant.EPOCH));
        Reply reply = message.rcpt(List.of(new Recipient(Address.ofInternal(recipient), Params.NONE)));
        if (!reply.isPositive()) {
            message.abort();
            return reply.toString();
        }
        Mail mail = Crossing.mail(message, postern.address.Path.NULL);
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        for (int at = 0; at < bytes.length; at += 16_000) {
            ByteBuffer piece = ByteBuffer.wrap(bytes, at, Math.min(16_000, bytes.length - at));
            message.received(piece.duplicate());
            message.write(piece);
        }
        return message.commit(new Outlet.Complete(mail, List.of(), false))
                .forAll()
                .toString();
    }
}
