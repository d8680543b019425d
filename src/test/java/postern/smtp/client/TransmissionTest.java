package postern.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static postern.smtp.client.SmtpDialogTest.FROM;
import static postern.smtp.client.SmtpDialogTest.from;
import static postern.smtp.client.SmtpDialogTest.to;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import postern.address.Address;
import postern.smtp.Params;
import postern.smtp.Peer;
import postern.smtp.Recipient;
import postern.smtp.Reply;
import postern.smtp.extension.Dsn;
import postern.smtp.extension.SmtpUtf8;

/// A whole message at once.
class TransmissionTest {
    private static final String TEXT = "Subject: x\r\n\r\n.dot\r\nend\r\n";
    private static final List<Recipient> TWO = List.of(to("one@b.example"), to("two@b.example"));

    private ScriptedPeer peer = new ScriptedPeer();

    private SmtpDialog dialog(String ehlo, String script) throws IOException {
        return dialog(Protocol.SMTP, ehlo, Map.of(), script);
    }

    private SmtpDialog dialog(Protocol protocol, String ehlo, Map<String, String> settings, String script)
            throws IOException {
        peer = new ScriptedPeer(script);
        return SmtpDialogTest.dialog(peer, protocol, ehlo, settings);
    }

    private static MessageText text(String text) {
        return MessageText.of(text.getBytes(StandardCharsets.UTF_8));
    }

    /// Each outcome as one word: `2.0.0`, `5.1.1`.
    private static List<String> words(List<Outcome> outcomes) {
        return outcomes.stream()
                .map(outcome -> switch (outcome) {
                    case Outcome.Accepted(Reply reply) ->
                        SmtpFailure.statusOf(reply).toString();
                    case Outcome.Failed(SmtpFailure failure) -> failure.status().toString();
                })
                .toList();
    }

    private static SmtpFailure failure(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Failed(SmtpFailure failure) -> failure;
            case Outcome.Accepted(Reply reply) -> throw new AssertionError("accepted: " + reply);
        };
    }

    @Test
    void envelopeAndDataAreOneWriteAndTheTextAnother() throws Exception {
        SmtpDialog dialog = dialog("PIPELINING", """
                C: MAIL FROM:<sender@a.example>
                C: RCPT TO:<one@b.example>
                C: RCPT TO:<two@b.example>
                C: DATA
                S: 250 2.1.0 Ok
                S! 250 2.1.5 Ok
                S! 550 5.1.1 no such user
                S! 354 go on
                C. text
                S: 250 2.0.0 Ok: queued as 12345
                """);
        List<Outcome> outcomes = dialog.send(FROM, TWO, text(TEXT));
        assertThat(words(outcomes)).containsExactly("2.0.0", "5.1.1");
        assertThat(failure(outcomes.get(1)).text())
                .isEqualTo("host mx.example[192.0.2.1] said: 550 5.1.1 no such user (in reply to RCPT TO command)");
        assertThat(failure(outcomes.get(1)).remoteMta()).isEqualTo("mx.example");
        assertThat(peer.connection(0).writes()).isEqualTo(2);
        assertThat(dialog.isReady()).isTrue();
        dialog.cut();
        assertThat(peer.errors()).isEmpty();
        assertThat(peer.texts()).containsExactly(TEXT);
    }

    /// RFC 3030 §4.2.
    @Test
    void withChunkingASmallMessageIsOneWrite() throws Exception {
        SmtpDialog dialog = dialog("PIPELINING\nCHUNKING", """
                C: MAIL FROM:<sender@a.example>
                C: RCPT TO:<one@b.example>
                C: RCPT TO:<two@b.example>
                C: BDAT 25 LAST
                C# 25
                S: 250 2.1.0 Ok
                S! 550 5.1.1 no such user
                S! 250 2.1.5 Ok
                S! 250 2.0.0 Ok: queued as 12345
                """);
        assertThat(words(dialog.send(FROM, TWO, text(TEXT)))).containsExactly("5.1.1", "2.0.0");
        assertThat(peer.connection(0).writes()).isEqualTo(1);
        assertThat(dialog.isReady()).isTrue();
        dialog.cut();
        assertThat(peer.errors()).isEmpty();
        assertThat(peer.texts()).containsExactly(TEXT);
    }

    @Test
    void aLargeMessageGoesWithDataInPieces() throws Exception {
        String large = (".line of text\r\n").repeat(5_000);
        SmtpDialog dialog = dialog("PIPELINING\nCHUNKING\nSIZE 100000", """
                C: MAIL FROM:<sender@a.example> SIZE=75000
                C: RCPT TO:<one@b.example>
                C: DATA
                S: 250 2.1.0 Ok
                S! 250 2.1.5 Ok
                S! 354 go on
                C. text
                S: 250 2.0.0 Ok: queued as 12345
                """);
        List<Outcome> outcomes = dialog.send(from("sender@a.example", large.length()), TWO.subList(0, 1), text(large));
        assertThat(words(outcomes)).containsExactly("2.0.0");
        dialog.cut();
        assertThat(peer.errors()).isEmpty();
        assertThat(peer.texts()).containsExactly(large);
    }

    @Test
    void withoutPipeliningEachCommandWaitsForItsReply() throws Exception {
        SmtpDialog dialog = dialog("CHUNKING", """
                C: MAIL FROM:<sender@a.example>
                S: 250 Ok
                C: RCPT TO:<one@b.example>
                S: 450 4.2.0 greylisted
                C: RCPT TO:<two@b.example>
                S: 250 Ok
                C: DATA
                S: 354 go on
                C. text
                S: 250 Ok
                """);
        assertThat(words(dialog.send(FROM, TWO, text(TEXT)))).containsExactly("4.2.0", "2.0.0");
        dialog.cut();
        assertThat(peer.errors()).isEmpty();
    }

    @Test
    void whenMailIsRefusedNothingFollows() throws Exception {
        SmtpDialog dialog = dialog("", """
                C: MAIL FROM:<sender@a.example>
                S: 550 5.7.1 not you
                """);
        assertThat(words(dialog.send(FROM, TWO, text(TEXT)))).containsExactly("5.7.1", "5.7.1");
        dialog.cut();
        assertThat(peer.errors()).isEmpty();
        SmtpDialog pipelined = dialog("PIPELINING", """
                C: MAIL FROM:<sender@a.example>
                C: RCPT TO:<one@b.example>
                C: RCPT TO:<two@b.example>
                C: DATA
                S: 451 4.7.1 later
                S! 503 5.5.1 need MAIL
                S! 503 5.5.1 need MAIL
                S! 503 5.5.1 need RCPT
                C: MAIL FROM:<sender@a.example>
                """);
        assertThat(words(pipelined.send(FROM, TWO, text(TEXT)))).containsExactly("4.7.1", "4.7.1");
        assertThat(pipelined.isReady()).isTrue();
        pipelined.send(FROM, List.of(), text(TEXT));
        pipelined.cut();
    }

    @Test
    void whenNoRecipientIsTakenTheTransactionIsDroppedBeforeTheNext() throws Exception {
        SmtpDialog dialog = dialog("", """
                C: MAIL FROM:<sender@a.example>
                S: 250 Ok
                C: RCPT TO:<one@b.example>
                S: 550 5.1.1 no
                C: RCPT TO:<two@b.example>
                S: 552 5.5.3 too many
                C: RSET
                S: 250 Ok
                C: MAIL FROM:<sender@a.example>
                S: 250 Ok
                C: RCPT TO:<one@b.example>
                S: 250 Ok
                C: DATA
                S: 354 go on
                C. text
                S: 250 Ok
                """);
        assertThat(words(dialog.send(FROM, TWO, text(TEXT))))
                .as("RFC 5321 §4.5.3.1.10: 552 to RCPT is temporary")
                .containsExactly("5.1.1", "4.5.3");
        assertThat(words(dialog.send(FROM, TWO.subList(0, 1), text(TEXT)))).containsExactly("2.0.0");
        dialog.cut();
        assertThat(peer.errors()).isEmpty();
    }

    /// PIPELINING of MAIL, RCPT, DATA in one segment where all RCPT failed: no text may follow but the end.
    @Test
    void aServerThatWantsTextForNobodyGetsNone() throws Exception {
        SmtpDialog dialog = dialog("PIPELINING", """
                C: MAIL FROM:<sender@a.example>
                C: RCPT TO:<one@b.example>
                C: DATA
                S: 250 Ok
                S! 550 5.1.1 no
                S! 354 go on
                C. text
                S: 554 5.5.1 no valid recipients
                """);
        assertThat(words(dialog.send(FROM, TWO.subList(0, 1), text(TEXT)))).containsExactly("5.1.1");
        assertThat(dialog.isReady()).isTrue();
        dialog.cut();
        assertThat(peer.errors()).isEmpty();
        assertThat(peer.texts()).containsExactly("");
    }

    @Test
    void dataRefusedIsEveryonesAnswer() throws Exception {
        SmtpDialog dialog = dialog("PIPELINING", """
                C: MAIL FROM:<sender@a.example>
                C: RCPT TO:<one@b.example>
                C: RCPT TO:<two@b.example>
                C: DATA
                S: 250 Ok
                S! 250 Ok
                S! 250 Ok
                S! 451 4.3.0 not now
                """);
        List<Outcome> outcomes = dialog.send(FROM, TWO, text(TEXT));
        assertThat(words(outcomes)).containsExactly("4.3.0", "4.3.0");
        assertThat(failure(outcomes.getFirst()).text()).endsWith("(in reply to DATA command)");
        dialog.cut();
    }

    @Test
    void aMessageRefusedAtTheEndOfDataIsRefusedForAll() throws Exception {
        SmtpDialog dialog = dialog("PIPELINING", """
                C: MAIL FROM:<sender@a.example>
                C: RCPT TO:<one@b.example>
                C: DATA
                S: 250 Ok
                S! 250 Ok
                S! 354 go on
                C. text
                S: 550-5.7.1 spam
                S! 550 5.7.1 see https://example
                """);
        SmtpFailure failure =
                failure(dialog.send(FROM, TWO.subList(0, 1), text(TEXT)).getFirst());
        assertThat(failure.text())
                .isEqualTo(
                        "host mx.example[192.0.2.1] said: 550-5.7.1 spam 550 5.7.1 see https://example (in reply to end of DATA command)");
        assertThat(failure.mayHaveBeenTaken()).isFalse();
        dialog.cut();
    }

    /// RFC 5321 §4.2.5, RFC 1047: deferred, never bounced; it may be there.
    @Test
    void lossAfterTheEndOfDataIsOpen() throws Exception {
        SmtpDialog dialog = dialog("PIPELINING", """
                C: MAIL FROM:<sender@a.example>
                C: RCPT TO:<one@b.example>
                C: DATA
                S: 250 Ok
                S! 250 Ok
                S! 354 go on
                C. text
                close
                """);
        SmtpFailure failure =
                failure(dialog.send(FROM, TWO.subList(0, 1), text(TEXT)).getFirst());
        assertThat(failure.mayHaveBeenTaken()).isTrue();
        assertThat(failure.status()).hasToString("4.4.2");
        assertThat(failure.text()).contains("message may be sent more than once");
        assertThat(dialog.isReady()).isFalse();
    }

    /// With the text behind the envelope every loss is open, but for what has been refused.
    @Test
    void lossAfterAChunkIsOpenUnlessNobodyWasTaken() throws Exception {
        SmtpDialog dialog = dialog("PIPELINING\nCHUNKING", """
                C: MAIL FROM:<sender@a.example>
                C: RCPT TO:<one@b.example>
                C: RCPT TO:<two@b.example>
                C: BDAT 25 LAST
                C# 25
                S: 250 Ok
                S! 550 5.1.1 no
                close
                """);
        List<Outcome> outcomes = dialog.send(FROM, TWO, text(TEXT));
        assertThat(words(outcomes)).containsExactly("5.1.1", "4.4.2");
        assertThat(failure(outcomes.get(1)).mayHaveBeenTaken()).isTrue();

        SmtpDialog closing = dialog("PIPELINING\nCHUNKING", """
                C: MAIL FROM:<sender@a.example>
                C: RCPT TO:<one@b.example>
                C: BDAT 25 LAST
                C# 25
                S: 421 4.3.2 shutting down
                close
                """);
        SmtpFailure failure =
                failure(closing.send(FROM, TWO.subList(0, 1), text(TEXT)).getFirst());
        assertThat(failure.mayHaveBeenTaken()).isFalse();
        assertThat(failure.text()).contains("421 4.3.2 shutting down (in reply to MAIL FROM command)");
    }

    /// A dialog that has rested may be dead: it stays known that nothing was taken.
    @Test
    void aRestedDialogSendsTheEnvelopeBeforeTheChunk() throws Exception {
        SmtpDialog dialog = dialog("PIPELINING\nCHUNKING", """
                C: MAIL FROM:<sender@a.example>
                C: RCPT TO:<one@b.example>
                S: 250 Ok
                S! 250 Ok
                C: BDAT 25 LAST
                C# 25
                S: 250 Ok
                """);
        dialog.usage().rested(true);
        assertThat(words(dialog.send(FROM, TWO.subList(0, 1), text(TEXT)))).containsExactly("2.0.0");
        dialog.cut();
        assertThat(peer.errors()).isEmpty();

        SmtpDialog dead = dialog("PIPELINING\nCHUNKING", "close");
        dead.usage().rested(true);
        SmtpFailure failure =
                failure(dead.send(FROM, TWO.subList(0, 1), text(TEXT)).getFirst());
        assertThat(failure.mayHaveBeenTaken()).isFalse();
    }

    @Test
    void lmtpHasAReplyForEachRecipient() throws Exception {
        SmtpDialog dialog = dialog(Protocol.LMTP, "PIPELINING\nCHUNKING", Map.of(), """
                C: MAIL FROM:<sender@a.example>
                C: RCPT TO:<one@b.example>
                C: RCPT TO:<two@b.example>
                C: RCPT TO:<three@b.example>
                C: DATA
                S: 250 Ok
                S! 250 Ok
                S! 550 5.1.1 no
                S! 250 Ok
                S! 354 go on
                C. text
                S: 250 2.0.0 saved
                S! 452 4.2.2 over quota
                """);
        List<Recipient> three = List.of(TWO.getFirst(), TWO.getLast(), to("three@b.example"));
        assertThat(words(dialog.send(FROM, three, text(TEXT)))).containsExactly("2.0.0", "5.1.1", "4.2.2");
        dialog.cut();
        assertThat(peer.errors()).isEmpty();
    }

    /// RFC 2033 §4.2: who has been answered for has the message.
    @Test
    void lmtpLostBetweenItsRepliesIsOpenForTheRest() throws Exception {
        SmtpDialog dialog = dialog(Protocol.LMTP, "PIPELINING", Map.of(), """
                C: MAIL FROM:<sender@a.example>
                C: RCPT TO:<one@b.example>
                C: RCPT TO:<two@b.example>
                C: DATA
                S: 250 Ok
                S! 250 Ok
                S! 250 Ok
                S! 354 go on
                C. text
                S: 250 2.0.0 saved
                close
                """);
        List<Outcome> outcomes = dialog.send(FROM, TWO, text(TEXT));
        assertThat(words(outcomes)).containsExactly("2.0.0", "4.4.2");
        assertThat(failure(outcomes.getLast()).mayHaveBeenTaken()).isTrue();
    }

    /// draft-hall-prdr-00: behind 353 each recipient has a reply, and the message one; without, one holds for all.
    @Test
    void prdrHasAReplyForEachRecipientWhereTheyDiffer() throws Exception {
        SmtpDialog dialog = dialog("PIPELINING\nCHUNKING\nPRDR", """
                C: MAIL FROM:<sender@a.example> PRDR
                C: RCPT TO:<one@b.example>
                C: RCPT TO:<two@b.example>
                C: BDAT 25 LAST
                C# 25
                S: 250 Ok
                S! 250 Ok
                S! 250 Ok
                S! 353 more to come
                S! 452 4.2.2 over quota
                S! 250 2.0.0 saved
                S! 250 2.0.0 saved for some
                C: MAIL FROM:<sender@a.example> PRDR
                C: RCPT TO:<one@b.example>
                C: RCPT TO:<two@b.example>
                C: BDAT 25 LAST
                C# 25
                S: 250 Ok
                S! 250 Ok
                S! 250 Ok
                S! 554 5.7.1 spam
                """);
        assertThat(words(dialog.send(FROM, TWO, text(TEXT)))).containsExactly("4.2.2", "2.0.0");
        assertThat(words(dialog.send(FROM, TWO, text(TEXT)))).containsExactly("5.7.1", "5.7.1");
        dialog.cut();
        assertThat(peer.errors()).isEmpty();
    }

    @Test
    void aReplyOfTheWrongKindIsAProtocolErrorAndEndsTheDialog() throws Exception {
        SmtpDialog dialog = dialog("", """
                C: MAIL FROM:<sender@a.example>
                S: 354 what
                """);
        SmtpFailure failure =
                failure(dialog.send(FROM, TWO.subList(0, 1), text(TEXT)).getFirst());
        assertThat(failure.status()).hasToString("5.5.0");
        assertThat(failure.text()).startsWith("Protocol error: host mx.example[192.0.2.1] said: 354 what");
        assertThat(dialog.isReady()).isFalse();
    }

    @Test
    void parametersGoAsFarAsTheServerTakesThem() throws Exception {
        Params mail =
                Params.NONE.with(Dsn.RET, Dsn.Ret.HDRS).with(Dsn.ENVID, "a+b").with(SmtpUtf8.SMTPUTF8, true);
        Params rcpt = Params.NONE
                .with(Dsn.NOTIFY, Set.of(Dsn.Notify.SUCCESS))
                .with(Dsn.ORCPT, new Dsn.OriginalRecipient("rfc822", "o@b.example"));
        MailFrom from = new MailFrom(postern.address.Path.NULL, mail, Peer.LOCAL, "", 25, true, false);
        List<Recipient> one = List.of(new Recipient(Address.ofInternal("a b@b.example"), rcpt));
        SmtpDialog all = dialog("SIZE\n8BITMIME\nDSN\nSMTPUTF8", """
                C: MAIL FROM:<> SIZE=25 BODY=8BITMIME RET=HDRS ENVID=a+2Bb SMTPUTF8
                S: 250 Ok
                C: RCPT TO:<"a b"@b.example> NOTIFY=SUCCESS ORCPT=rfc822;o@b.example
                S: 550 no
                """);
        all.send(from, one, text(TEXT));
        all.cut();
        assertThat(peer.errors()).isEmpty();
        SmtpDialog none = dialog("", """
                C: MAIL FROM:<>
                S: 250 Ok
                C: RCPT TO:<"a b"@b.example>
                S: 550 no
                """);
        none.send(from, one, text(TEXT));
        none.cut();
        assertThat(peer.errors()).isEmpty();
    }

    @Test
    void xforwardPassesOnWhoHandedTheMessageIn() throws Exception {
        Peer client = new Peer("192.0.2.7", 4711, "c.example", "c.example", "he=lo", "ESMTP", "", "", "");
        MailFrom from = new MailFrom(postern.address.Path.NULL, Params.NONE, client, "4F0C3A91B2", 0, false, false);
        SmtpDialog dialog = dialog(
                Protocol.SMTP,
                "XFORWARD NAME ADDR PORT PROTO HELO IDENT SOURCE",
                Map.of("smtp_send_xforward_command", "yes"),
                """
                C: XFORWARD NAME=c.example ADDR=192.0.2.7 PORT=4711
                C: XFORWARD PROTO=ESMTP HELO=he+3Dlo IDENT=4F0C3A91B2 SOURCE=REMOTE
                S: 250 Ok
                S! 501 what
                C: MAIL FROM:<>
                S: 550 no
                """);
        dialog.send(from, TWO, text(TEXT));
        dialog.cut();
        assertThat(peer.errors()).isEmpty();
    }

    @Test
    void hundredsOfRecipientsGoInBatches() throws Exception {
        List<Recipient> many = IntStream.range(0, 250)
                .mapToObj(i -> to("r" + i + "@b.example"))
                .toList();
        StringBuilder script = new StringBuilder("C: MAIL FROM:<sender@a.example>\n");
        for (int i = 0; i < 250; i++) {
            script.append("C: RCPT TO:<r").append(i).append("@b.example>\n");
            if (i % 100 == 99) {
                script.append(i == 99 ? "S: 250 Ok\n" : "").append("S: 250 Ok\n".repeat(100));
            }
        }
        script.append("C: DATA\n").append("S: 250 Ok\n".repeat(50)).append("S: 354 go\nC. text\nS: 250 Ok\n");
        SmtpDialog dialog = dialog("PIPELINING", script.toString());
        assertThat(words(dialog.send(FROM, many, text(TEXT)))).hasSize(250).containsOnly("2.0.0");
        dialog.cut();
        assertThat(peer.errors()).isEmpty();
    }

    /// A sender refused before all recipients were named: no chunk follows.
    @Test
    void nothingFollowsASenderThatIsRefusedInTheFirstBatch() throws Exception {
        List<Recipient> many = IntStream.range(0, 150)
                .mapToObj(i -> to("r" + i + "@b.example"))
                .toList();
        StringBuilder script = new StringBuilder("C: MAIL FROM:<sender@a.example>\n");
        for (int i = 0; i < 100; i++) {
            script.append("C: RCPT TO:<r").append(i).append("@b.example>\n");
        }
        script.append("S: 451 4.7.1 later\n").append("S: 503 no\n".repeat(100));
        SmtpDialog dialog = dialog("PIPELINING\nCHUNKING", script.toString());
        assertThat(words(dialog.send(FROM, many, text(TEXT)))).hasSize(150).containsOnly("4.7.1");
        dialog.cut();
        assertThat(peer.errors()).isEmpty();
    }

    @Test
    void aLongLineIsBrokenAndGoesWithData() throws Exception {
        String text = "Subject: x\r\n\r\n" + "y".repeat(1500) + "\r\n";
        SmtpDialog dialog = dialog("PIPELINING\nCHUNKING", """
                C: MAIL FROM:<sender@a.example>
                C: RCPT TO:<one@b.example>
                C: DATA
                S: 250 Ok
                S! 250 Ok
                S! 354 go on
                C. text
                S: 250 Ok
                """);
        dialog.send(FROM, TWO.subList(0, 1), text(text));
        assertThat(dialog.brokenLines()).isEqualTo(1);
        dialog.cut();
        assertThat(peer.errors()).isEmpty();
        assertThat(peer.texts())
                .containsExactly("Subject: x\r\n\r\n" + "y".repeat(998) + "\r\n " + "y".repeat(502) + "\r\n");
    }

    @Test
    void aTextThatCannotBeReadNeverBecomesAMessage() throws Exception {
        SmtpDialog dialog = dialog("PIPELINING", """
                C: MAIL FROM:<sender@a.example>
                C: RCPT TO:<one@b.example>
                C: DATA
                S: 250 Ok
                S! 250 Ok
                S! 354 go on
                """);
        MessageText broken = new MessageText(
                into -> {
                    throw new IOException("EIO");
                },
                100);
        SmtpFailure failure =
                failure(dialog.send(FROM, TWO.subList(0, 1), broken).getFirst());
        assertThat(failure.text()).isEqualTo("local data error while talking to mx.example[192.0.2.1]");
        assertThat(peer.errors()).isEmpty();
        SmtpDialog chunked = dialog("PIPELINING\nCHUNKING", "");
        assertThat(words(chunked.send(FROM, TWO.subList(0, 1), new MessageText(into -> -1, 100))))
                .as("shorter than it said")
                .containsExactly("4.3.0");
        assertThat(peer.errors()).isEmpty();
    }

    @Test
    void anAddressThatCannotStandInACommandFailsAlone() throws Exception {
        SmtpDialog dialog = dialog("PIPELINING", """
                C: MAIL FROM:<sender@a.example>
                C: RCPT TO:<two@b.example>
                C: DATA
                S: 250 Ok
                S! 250 Ok
                S! 354 go on
                C. text
                S: 250 Ok
                """);
        List<Recipient> injected = List.of(to("one\r\nDATA@b.example"), TWO.getLast());
        assertThat(words(dialog.send(FROM, injected, text(TEXT)))).containsExactly("5.1.3", "2.0.0");
        dialog.cut();
        assertThat(peer.errors()).isEmpty();
    }
}
