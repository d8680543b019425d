package postern.handover;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import postern.address.Address;
import postern.cleanup.Outlet;
import postern.config.MainCf;
import postern.queue.Mail;
import postern.queue.SimLedger;
import postern.smtp.Answer;
import postern.smtp.Envelope;
import postern.smtp.Params;
import postern.smtp.Peer;
import postern.smtp.Recipient;
import postern.smtp.Reply;
import postern.smtp.client.ClientSetup;
import postern.smtp.client.ScriptedPeer;
import postern.smtp.client.SmtpClient;
import postern.smtp.extension.Prdr;

/// Next hops that answer for each recipient after the data, and what becomes of it.
class EachTest {
    private static final String TEXT = "Subject: x\r\n\r\nhello\r\n";
    private static final String LHLO = """
            S: 220 mx.example LMTP
            C: LHLO mail.example
            S: 250-mx.example
            S: 250 PIPELINING
            """;
    private static final String BOB = "b@d1.example";
    private static final String EVE = "e@d1.example";
    private static final String QUIT = "C: QUIT\nS: 221 2.0.0 Bye\n";

    private ClientSetup setup = new ClientSetup().lmtp();
    private final List<ScriptedPeer> peers = new ArrayList<>();
    private final NoticeBox notices = new NoticeBox();
    private SimLedger ledger;
    private boolean ours;
    private boolean prdr;

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
        assertThat(send(List.of(BOB, EVE), lmtp("250 2.0.0 bob has it", "250 2.0.0 eve has it", BOB, EVE)))
                .isEqualTo("250 2.0.0 Ok: taken for 2 recipients");
        assertThat(texts()).containsExactly(TEXT);
        assertThat(ledger.ledger().isEmpty()).isTrue();
    }

    @Test
    void sameAnswerForAllPassesOnAsItIs() {
        assertThat(send(List.of(BOB, EVE), lmtp("450 4.2.1 Wait", "450 4.2.1 Wait", BOB, EVE)))
                .isEqualTo("450 4.2.1 Wait");
        assertThat(ledger.ledger().isEmpty()).isTrue();
    }

    @Test
    void noneTookItAndOneMayLater() {
        assertThat(send(List.of(BOB, EVE), lmtp("552 5.2.2 Full", "450 4.2.1 Wait", BOB, EVE)))
                .isEqualTo("451 4.2.1 Wait");
    }

    @Test
    void noneTookItForGood() {
        assertThat(send(List.of(BOB, EVE), lmtp("552 5.2.2 Full", "550 5.7.1 No", BOB, EVE)))
                .isEqualTo("552 5.2.2 Full");
        assertThat(notices.refused).isEmpty();
    }

    /// Outbound and inbound: who may still take it is not lost, and who has it gets it once.
    @Test
    void repeatGoesOnlyToTheRest() throws IOException {
        for (boolean inbound : new boolean[] {false, true}) {
            ours = inbound;
            notices.knows = !inbound;
            emptyLedger();
            assertThat(send(List.of(BOB, EVE), lmtp("250 2.0.0 Ok", "452 4.2.2 Full", BOB, EVE)))
                    .isEqualTo("451 4.2.2 1 of 2 recipients have the message, send it again for the others: Full");
            assertThat(send(List.of(BOB, EVE), leftOut(BOB), lmtp("250 2.0.0 eve has it", EVE)))
                    .isEqualTo("250 2.0.0 Ok: taken for 2 recipients");
            assertThat(texts()).containsExactly(TEXT, TEXT);
            assertThat(notices.refused).isEmpty();
            peers.clear();
        }
    }

    @Test
    void knownSenderIsToldWhoRefusedWhatOthersTook() {
        assertThat(send(List.of(BOB, EVE), lmtp("250 2.0.0 Ok", "552 5.2.2 Full", BOB, EVE)))
                .isEqualTo("250 2.0.0 Ok: taken for 1 of 2 recipients");
        assertThat(notices.refused).containsExactly(EVE + ": 552 5.2.2 Full: " + TEXT);
    }

    @Test
    void strangerIsNeverToldAndTheLogIs() {
        ours = true;
        notices.knows = false;
        assertThat(send(List.of(BOB, EVE), lmtp("250 2.0.0 Ok", "552 5.2.2 Full", BOB, EVE)))
                .isEqualTo("250 2.0.0 Ok: taken for 1 of 2 recipients");
        assertThat(notices.refused).isEmpty();
        assertThat(ledger.ledger().isEmpty()).as("nothing comes again").isTrue();
        assertThat(setup.log())
                .anyMatch(line -> line.matches("postern: [0-9A-F]+: to=<e@d1.example>: refused what others took, and a"
                        + " stranger is not told: 552 5.2.2 Full"));
    }

    /// An alias of ours leads a stranger's mail to a next hop that is not: no notice either.
    @Test
    void strangerIsNotToldWhereAnAliasLeads() {
        notices.knows = false;
        Outlet message = open(lmtp("250 2.0.0 Ok", "552 5.2.2 Full", BOB, EVE));
        Address alias = Address.ofInternal("both@ours.example");
        assertThat(message.rcpt(List.of(behind(alias, BOB), behind(alias, EVE))).toString())
                .startsWith("250");
        assertThat(commit(message).forAll().toString()).startsWith("250 2.0.0 Ok: taken for 1 of 2");
        assertThat(notices.refused).isEmpty();
    }

    @Test
    void logSaysItOfEach() {
        send(List.of(BOB, EVE), lmtp("250 2.0.0 Ok", "452 4.2.2 Full", BOB, EVE));
        assertThat(setup.log())
                .anyMatch(line -> line.contains("to=<b@d1.example>") && line.endsWith("status=sent (250 2.0.0 Ok)"))
                .anyMatch(line ->
                        line.contains("to=<e@d1.example>") && line.endsWith("status=deferred (452 4.2.2 Full)"));
    }

    /// RFC 2033 §4.2: who was answered for has it, whatever becomes of the connection.
    @Test
    void lostBetweenTheAnswersIsTryAgainForTheRest() {
        assertThat(send(List.of(BOB, EVE), script("250 2.0.0 Ok\nclose\n", BOB, EVE)))
                .startsWith("451 4.4.2 1 of 2 recipients have the message");
        assertThat(send(List.of(BOB, EVE), leftOut(BOB), lmtp("250 2.0.0 Ok", EVE)))
                .startsWith("250");
    }

    /// Several next hops, one of which is of two minds.
    @Test
    void oneLegOfSeveralInPart() {
        String far = "x@d2.example";
        assertThat(send(
                        List.of(BOB, far, EVE),
                        lmtp("250 2.0.0 Ok", "452 4.2.2 Full", BOB, EVE),
                        lmtp("250 2.0.0 far", far)))
                .startsWith("451 4.2.2 2 of 3");
        assertThat(send(List.of(BOB, far, EVE), leftOut(BOB), leftOut(far), lmtp("552 5.2.2 Full", EVE)))
                .isEqualTo("250 2.0.0 Ok: taken for 2 of 3 recipients");
        assertThat(notices.refused).singleElement().asString().startsWith(EVE);
    }

    /// One RCPT stands for both, another for one of them again: asked once, answered for both.
    @Test
    void recipientNamedTwiceIsAskedOnce() {
        Outlet message = open(lmtp("250 2.0.0 Ok", "250 2.0.0 Ok", BOB, EVE));
        assertThat(message.rcpt(List.of(recipient(BOB))).toString()).startsWith("250");
        assertThat(message.rcpt(List.of(recipient(BOB), recipient(EVE))).toString())
                .startsWith("250");
        assertThat(message.rcpt(List.of(recipient(EVE))).toString()).startsWith("250");
        assertThat(commit(message).forAll().toString()).isEqualTo("250 2.0.0 Ok");
    }

    /// A client with PRDR learns of each: it comes again for those who may take it, and tells the sender itself.
    @Test
    void clientWithPrdrLearnsOfEach() {
        prdr = true;
        Outlet message = open(lmtp("250 2.0.0 Ok\nS: 452 4.2.2 Full", "550 5.7.1 No", BOB, EVE, "f@d1.example"));
        Answer answer = rcptAndCommit(message, List.of(BOB, EVE, "f@d1.example"));
        assertThat(answer.forAll().toString()).isEqualTo("250 2.0.0 Ok: taken for 1 of 3 recipients");
        assertThat(answer.each())
                .map(Reply::toString)
                .containsExactly("250 2.0.0 Ok", "452 4.2.2 Full", "550 5.7.1 No");
        assertThat(notices.refused).isEmpty();
        assertThat(ledger.ledger().isEmpty()).isTrue();
    }

    /// Exim takes a last 5xx for all of them, and a last 4xx for those that were accepted.
    @Test
    void lastReplyToPrdrIsForNowWhileOneMayStillTakeIt() {
        prdr = true;
        Outlet message = open(lmtp("552 5.2.2 Full", "450 4.2.1 Wait", BOB, EVE));
        Answer answer = rcptAndCommit(message, List.of(BOB, EVE));
        assertThat(answer.forAll().toString()).isEqualTo("451 4.2.1 Wait");
        assertThat(answer.each()).map(Reply::toString).containsExactly("552 5.2.2 Full", "450 4.2.1 Wait");
    }

    @Test
    void oneReplyIsEnoughForPrdrWhereAllAreTheSame() {
        prdr = true;
        assertThat(rcptAndCommit(open(lmtp("250 2.0.0 one", "250 2.0.0 two", BOB, EVE)), List.of(BOB, EVE)))
                .isEqualTo(new Answer(Reply.of("250 2.0.0 Ok: taken for 2 recipients")));
        assertThat(rcptAndCommit(open(lmtp("552 5.2.2 Full", "552 5.2.2 Full", BOB, EVE)), List.of(BOB, EVE)))
                .isEqualTo(new Answer(Reply.of("552 5.2.2 Full")));
    }

    /// One RCPT is one answer: of an alias only a part of which has the message the rest is repeated for.
    @Test
    void aliasIsOneRecipientForPrdr() {
        prdr = true;
        String far = "x@d2.example";
        Address alias = Address.ofInternal("both@ours.example");
        for (boolean again : new boolean[] {false, true}) {
            Outlet message = again
                    ? open(leftOut(BOB), lmtp("250 2.0.0 Ok", EVE), lmtp("250 2.0.0 far", far))
                    : open(lmtp("250 2.0.0 Ok", "450 4.2.1 Wait", BOB, EVE), lmtp("550 5.7.1 No", far));
            assertThat(message.rcpt(List.of(behind(alias, BOB), behind(alias, EVE)))
                            .toString())
                    .startsWith("250");
            assertThat(message.rcpt(List.of(recipient(far))).toString()).startsWith("250");
            Answer answer = commit(message);
            if (again) {
                assertThat(answer.forAll().toString()).startsWith("250 2.0.0 Ok: taken for 3");
            } else {
                assertThat(answer.forAll().toString()).startsWith("451 4.2.1 1 of 2 recipients have the message");
                assertThat(answer.each())
                        .map(Reply::toString)
                        .containsExactly(
                                "451 4.2.1 1 of 2 recipients have the message, send it again for the others: Wait",
                                "550 5.7.1 No");
            }
        }
    }

    @Test
    void twoRcptsForTheSameHaveTheSameAnswer() {
        prdr = true;
        Outlet message = open(lmtp("250 2.0.0 Ok", "450 4.2.1 Wait", BOB, EVE));
        Answer answer = rcptAndCommit(message, List.of(BOB, EVE, BOB));
        assertThat(answer.each()).map(Reply::code).containsExactly(250, 450, 250);
    }

    /// Behind us PRDR too, as Exim speaks it: the answers count with the last reply.
    @Test
    void nextHopWithPrdrAnswersForEach() {
        smtp();
        assertThat(send(List.of(BOB, EVE), prdr("353 more\nS: 250 bob\nS: 450 eve\nS: 250 some", BOB, EVE)))
                .isEqualTo("451 4.3.0 1 of 2 recipients have the message, send it again for the others: eve");
        assertThat(send(List.of(BOB, EVE), prdr("RSET", BOB), prdr("250 all", EVE)))
                .isEqualTo("250 2.0.0 Ok: taken for 2 recipients");
    }

    @Test
    void nextHopThatOffersPrdrMayGiveOneReply() {
        smtp();
        assertThat(send(List.of(BOB, EVE), prdr("250 2.0.0 all", BOB, EVE))).isEqualTo("250 2.0.0 all");
        assertThat(send(List.of(BOB, EVE), prdr("550 5.7.1 none", BOB, EVE))).isEqualTo("550 5.7.1 none");
    }

    /// What was said of recipients is nothing without the message.
    @Test
    void lastRefusalOfPrdrTakesAcceptancesBack() {
        smtp();
        assertThat(send(List.of(BOB, EVE), prdr("353 more\nS: 250 bob\nS: 550 5.2.2 eve\nS: 451 4.3.0 no", BOB, EVE)))
                .isEqualTo("451 4.3.0 no");
        assertThat(send(List.of(BOB, EVE), prdr("353 more\nS: 250 bob\nS: 450 4.2.1 eve\nclose", BOB, EVE)))
                .isEqualTo("451 4.4.2 Connection with next hop lost, try again later");
        assertThat(ledger.ledger().isEmpty()).isTrue();
    }

    /// A next hop of ours says it under a hand-over id, and is not asked for PRDR beside it.
    @Test
    void nextHopWithIdsAnswersForEachRecipient() {
        smtp();
        ours = true;
        assertThat(send(List.of(BOB, EVE), under("250 2.0.0 Ok\nS: 452 4.2.2 Full", BOB, EVE)))
                .isEqualTo("451 4.2.2 1 of 2 recipients have the message, send it again for the others: Full");
        assertThat(send(List.of(BOB, EVE), under("RSET", BOB), under("552 5.2.2 Full", EVE)))
                .isEqualTo("250 2.0.0 Ok: taken for 1 of 2 recipients");
        assertThat(notices.refused).hasSize(1);
    }

    /// Who was refused before the connection was lost is not taken for one who may have it.
    @Test
    void replyOfOneOfThemLostIsAskedForByItsId() {
        smtp();
        ours = true;
        String third = "f@d1.example";
        assertThat(send(List.of(BOB, EVE, third), under("250 2.0.0 Ok\nS: 452 4.2.2 Full\nclose", BOB, EVE, third)))
                .startsWith("451 4.2.2 1 of 3 recipients have the message");
        assertThat(send(List.of(BOB, EVE, third), under("XFATE", BOB, third), under("250 2.0.0 Ok", EVE)))
                .isEqualTo("250 2.0.0 Ok: taken for 3 recipients");
        assertThat(texts()).hasSize(2);
    }

    /// 353 from one who was not asked is no answer.
    @Test
    void unaskedFor353IsTryAgain() {
        smtp();
        String script = prdr("353 more", BOB)
                .replace("S: 250 PRDR\n", "S: 250 8BITMIME\n")
                .replace(" PRDR\n", "\n");
        assertThat(send(List.of(BOB), script.substring(0, script.lastIndexOf("C: QUIT"))))
                .startsWith("451 4.");
    }

    private void smtp() {
        setup = new ClientSetup();
    }

    private Answer rcptAndCommit(Outlet message, List<String> recipients) {
        for (String recipient : recipients) {
            assertThat(message.rcpt(List.of(recipient(recipient))).toString()).startsWith("250");
        }
        return commit(message);
    }

    /// @param end as with [#prdr]; `XFATE`: it is asked whether it was taken, and has
    private static String under(String end, String... recipients) {
        String script = end.equals("XFATE")
                ? prdr(asked(recipients) + "C: XFATE *\nS: 250 2.0.0 Taken\nC: RSET\nS: 250 Ok\nC: QUIT\n")
                : prdr(end, recipients);
        return script.replace("S: 250 PRDR\n", "S: 250-PRDR\nS: 250 XHANDOVER\n")
                .replace("<a@sender.example> PRDR", "<a@sender.example> XHANDOVER=*");
    }

    /// @param end its reply or replies; `RSET`: it is not to be asked
    private static String prdr(String end, String... recipients) {
        String script = (recipients.length == 0
                        ? end
                        : end.equals("RSET") ? leftOut(recipients[0]) : script(end + "\nC: QUIT\n", recipients))
                .replace("LMTP", "ESMTP")
                .replace("LHLO", "EHLO")
                .replace("S: 250 PIPELINING\n", "S: 250-PIPELINING\nS: 250 PRDR\n")
                .replace("<a@sender.example>\n", "<a@sender.example> PRDR\n")
                .replace("S: 221 2.0.0 Bye\n", "");
        return end.endsWith("close") ? script.substring(0, script.lastIndexOf("C: QUIT")) : script;
    }

    private static String asked(String... recipients) {
        StringBuilder script = new StringBuilder(LHLO).append("C: MAIL FROM:<a@sender.example>\n");
        for (int i = 0; i < recipients.length; i++) {
            script.append("C: RCPT TO:<").append(recipients[i]).append(">\n");
            script.append(i == 0 ? "S: 250 2.1.0 Ok\nS: 250 2.1.5 Ok\n" : "S: 250 2.1.5 Ok\n");
        }
        return script.toString();
    }

    private static String script(String end, String... recipients) {
        return asked(recipients) + "C: DATA\nS: 354 go\nC. text\nS: " + end;
    }

    private static String lmtp(String first, String recipient) {
        return script(first + "\n" + QUIT, recipient);
    }

    private static String lmtp(String first, String second, String... recipients) {
        return script(first + "\nS: " + second + "\n" + QUIT, recipients);
    }

    private static String leftOut(String recipient) {
        return asked(recipient) + "C: RSET\nS: 250 Ok\n" + QUIT;
    }

    private String send(List<String> recipients, String... scripts) {
        return rcptAndCommit(open(scripts), recipients).forAll().toString();
    }

    private Outlet open(String... scripts) {
        ScriptedPeer peer = new ScriptedPeer(scripts);
        peers.add(peer);
        SmtpClient client = setup.set("lmtp_connection_cache_on_demand", "no")
                .set("smtp_connection_cache_on_demand", "no")
                .client(peer);
        PassThrough through = new PassThrough(
                MainCf.of(Path.of("/"), Map.of()),
                new PassThrough.Behind((sender, to) -> way(client, to), ledger.ledger(), notices),
                setup,
                setup);
        return through.open(new Envelope(
                postern.address.Path.of(Address.ofInternal("a@sender.example")),
                prdr ? Params.NONE.with(Prdr.PRDR, true) : Params.NONE,
                Peer.LOCAL,
                Instant.EPOCH));
    }

    /// `b@d7.example` goes to `[192.0.2.7]`.
    private Way way(SmtpClient client, Address recipient) {
        String nextHop = "[192.0.2." + recipient.internal().replaceAll("\\D+", "") + "]";
        return new Way.To(client, "postfix/lmtp", nextHop, recipient, ours, 0);
    }

    private static Recipient recipient(String address) {
        return new Recipient(Address.ofInternal(address), Params.NONE);
    }

    private static Recipient behind(Address alias, String address) {
        return new Recipient(Address.ofInternal(address), alias, Params.NONE);
    }

    private static Answer commit(Outlet message) {
        ByteBuffer text = ByteBuffer.wrap(TEXT.getBytes(StandardCharsets.UTF_8));
        message.received(text.duplicate());
        message.write(text);
        Mail mail = Crossing.mail(message, postern.address.Path.of(Address.ofInternal("a@sender.example")));
        return message.commit(new Outlet.Complete(mail, List.of(), false));
    }

    private List<String> texts() {
        return peers.stream().flatMap(peer -> peer.texts().stream()).toList();
    }
}
