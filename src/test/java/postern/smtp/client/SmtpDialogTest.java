package postern.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import postern.address.Address;
import postern.config.MainCf;
import postern.net.Endpoint;
import postern.smtp.Fates;
import postern.smtp.HandoverId;
import postern.smtp.Params;
import postern.smtp.Peer;
import postern.smtp.Recipient;
import postern.smtp.Reply;

/// The dialog step by step, as a session uses it that streams a message through.
class SmtpDialogTest {
    static final MailFrom FROM = from("sender@a.example", 0);

    private ScriptedPeer peer = new ScriptedPeer();

    static MailFrom from(String sender, long size) {
        return new MailFrom(
                postern.address.Path.of(Address.ofInternal(sender)),
                Params.NONE,
                Peer.LOCAL,
                "4F0C3A91B2",
                size,
                false,
                false);
    }

    static Recipient to(String address) {
        return new Recipient(Address.ofInternal(address), Params.NONE);
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /// A dialog after its EHLO, whose answer has these lines.
    private SmtpDialog dialog(Protocol protocol, String ehlo, String script) throws IOException {
        peer = new ScriptedPeer(script);
        return dialog(peer, protocol, ehlo, Map.of());
    }

    static SmtpDialog dialog(ScriptedPeer peer, Protocol protocol, String ehlo, Map<String, String> settings)
            throws IOException {
        MainCf main = MainCf.of(Path.of("/"), settings);
        Endpoint endpoint = Endpoint.of(InetAddress.ofLiteral("192.0.2.1"), 25);
        TargetHost host = new TargetHost("mx.example", endpoint, 10);
        Chat chat = new Chat(peer.dial(endpoint, null, Duration.ofSeconds(1)), host, new Timeouts(main));
        Reply reply = new Reply(250, null, ("mx.example\n" + ehlo).lines().toList());
        return new SmtpDialog(
                chat,
                Features.of(reply, java.util.Set.of()),
                new DialogSettings(main, protocol),
                new Usage(java.time.Instant.EPOCH));
    }

    @Test
    void aMessageStepByStep() throws Exception {
        SmtpDialog dialog = dialog(Protocol.SMTP, "PIPELINING", """
                C: MAIL FROM:<sender@a.example>
                S: 250 2.1.0 Ok
                C: RCPT TO:<one@b.example>
                S: 250 2.1.5 Ok
                C: RCPT TO:<two@b.example>
                S: 550 5.1.1 no such user
                C: DATA
                S: 354 go on
                C. text
                S: 250 2.0.0 Ok: queued as 12345
                C: MAIL FROM:<sender@a.example>
                S: 250 2.1.0 Ok
                C: RSET
                S: 250 2.0.0 Ok
                C: QUIT
                """);
        assertThat(dialog.mail(FROM)).isEqualTo(Reply.of("250 2.1.0 Ok"));
        assertThat(dialog.rcpt(to("one@b.example")).isPositive()).isTrue();
        assertThat(dialog.rcpt(to("two@b.example"))).isEqualTo(Reply.of("550 5.1.1 no such user"));
        assertThat(dialog.data().code()).isEqualTo(354);
        dialog.write(bytes("Subject: x\r\n\r\n.dots\r\n..\r"));
        dialog.write(bytes("\n.\r\nend\r\n"));
        assertThat(dialog.end()).containsExactly(Reply.of("250 2.0.0 Ok: queued as 12345"));
        assertThat(dialog.isReady()).isTrue();
        dialog.mail(FROM);
        dialog.reset();
        dialog.quit();
        assertThat(peer.errors()).isEmpty();
        assertThat(peer.texts()).containsExactly("Subject: x\r\n\r\n.dots\r\n..\r\n.\r\nend\r\n");
    }

    /// XHANDOVER: the message goes under an id, and there is a reply for each recipient whichever way the text goes.
    @Test
    void underAnIdAServerAnswersForEachRecipient() throws Exception {
        SmtpDialog dialog = dialog(Protocol.SMTP, "PIPELINING\nCHUNKING\nXHANDOVER", """
                C: MAIL FROM:<sender@a.example> XHANDOVER=0000000000000001000000000000000f
                S: 250 2.1.0 Ok
                C: RCPT TO:<one@b.example>
                S: 250 2.1.5 Ok
                C: RCPT TO:<no@b.example>
                S: 550 5.1.1 no such user
                C: RCPT TO:<two@b.example>
                S: 250 2.1.5 Ok
                C: BDAT 6 LAST
                C# 6
                S: 250 2.0.0 one saved
                S: 452 4.2.2 over quota
                C: MAIL FROM:<sender@a.example> XHANDOVER=0000000000000001000000000000000f
                S: 250 2.1.0 Ok
                C: RCPT TO:<one@b.example>
                S: 250 2.1.5 Ok
                C: RCPT TO:<two@b.example>
                S: 250 2.1.5 Ok
                C: DATA
                S: 354 go on
                C. text
                S: 421 4.3.2 going down
                """);
        MailFrom from = FROM.under(new HandoverId(1, 15));
        dialog.begin(from, List.of(to("one@b.example"), to("no@b.example"), to("two@b.example")));
        assertThat(dialog.whole(bytes("text\r\n")))
                .containsExactly(Reply.of("250 2.0.0 one saved"), Reply.of("452 4.2.2 over quota"));
        dialog.begin(from, List.of(to("one@b.example"), to("two@b.example")));
        dialog.data();
        dialog.write(bytes("text\r\n"));
        assertThat(dialog.end()).containsExactly(Reply.of("421 4.3.2 going down"), Reply.of("421 4.3.2 going down"));
        dialog.quit();
        assertThat(peer.errors()).isEmpty();
    }

    /// Nor is a server that does not offer it told of ids.
    @Test
    void aServerThatDoesNotTakeIdsIsGivenNone() throws Exception {
        SmtpDialog dialog = dialog(Protocol.SMTP, "PIPELINING", """
                C: MAIL FROM:<sender@a.example>
                S: 250 2.1.0 Ok
                C: RCPT TO:<one@b.example>
                S: 250 2.1.5 Ok
                C: RCPT TO:<two@b.example>
                S: 250 2.1.5 Ok
                C: DATA
                S: 354 go on
                C. text
                S: 250 2.0.0 Ok
                C: QUIT
                """);
        dialog.begin(FROM.under(new HandoverId(1, 15)), List.of(to("one@b.example"), to("two@b.example")));
        dialog.data();
        dialog.write(bytes("text\r\n"));
        assertThat(dialog.end()).containsExactly(Reply.of("250 2.0.0 Ok"), Reply.of("250 2.0.0 Ok"));
        assertThat(dialog.fate(new HandoverId(1, 15))).isEqualTo(Fates.Fate.UNDECIDED);
        dialog.quit();
        assertThat(peer.errors()).isEmpty();
    }

    /// Whatever is neither yes nor the one no decides nothing.
    @Test
    void theFateOfAnIdIsAskedAlsoWithinATransaction() throws Exception {
        SmtpDialog dialog = dialog(Protocol.SMTP, "XHANDOVER", """
                C: XFATE 0000000000000001000000000000000f
                S: 250 2.0.0 Taken
                C: MAIL FROM:<sender@a.example>
                S: 250 2.1.0 Ok
                C: XFATE 0000000000000001000000000000000f
                S: 550 5.5.0 Unknown
                C: XFATE 0000000000000001000000000000000f
                S: 451 4.5.0 Not decided
                C: XFATE 0000000000000001000000000000000f
                S: 550 5.7.1 Go away
                C: XFATE 0000000000000001000000000000000f
                S: 502 5.5.1 Error: command not implemented
                C: RSET
                S: 250 2.0.0 Ok
                C: QUIT
                """);
        HandoverId id = new HandoverId(1, 15);
        assertThat(dialog.fate(id)).isEqualTo(Fates.Fate.TAKEN);
        dialog.mail(FROM);
        assertThat(dialog.fate(id)).isEqualTo(Fates.Fate.UNKNOWN);
        assertThat(dialog.fate(id)).isEqualTo(Fates.Fate.UNDECIDED);
        assertThat(dialog.fate(id)).isEqualTo(Fates.Fate.UNDECIDED);
        assertThat(dialog.fate(id)).isEqualTo(Fates.Fate.UNDECIDED);
        dialog.reset();
        dialog.quit();
        assertThat(peer.errors()).isEmpty();
    }

    /// RFC 2033 §4.2.
    @Test
    void lmtpAnswersForEachRecipientAtTheEnd() throws Exception {
        SmtpDialog dialog = dialog(Protocol.LMTP, "PIPELINING", """
                C: MAIL FROM:<sender@a.example>
                S: 250 2.1.0 Ok
                C: RCPT TO:<one@b.example>
                S: 250 2.1.5 Ok
                C: RCPT TO:<two@b.example>
                S: 250 2.1.5 Ok
                C: DATA
                S: 354 go on
                C. text
                S: 250 2.0.0 one saved
                S: 452 4.2.2 over quota
                """);
        dialog.mail(FROM);
        dialog.rcpt(to("one@b.example"));
        dialog.rcpt(to("two@b.example"));
        dialog.data();
        dialog.write(bytes("x\r\n"));
        assertThat(dialog.end()).extracting(Reply::code).containsExactly(250, 452);
        dialog.cut();
        assertThat(peer.errors()).isEmpty();
    }

    /// RFC 1047: the message may be there.
    @Test
    void aConnectionLostAfterTheEndOfDataLeavesItOpenWhetherTheMessageWasTaken() throws Exception {
        SmtpDialog dialog = dialog(Protocol.SMTP, "", """
                C: MAIL FROM:<sender@a.example>
                S: 250 2.1.0 Ok
                C: RCPT TO:<one@b.example>
                S: 250 2.1.5 Ok
                C: DATA
                S: 354 go on
                C. text
                close
                """);
        dialog.mail(FROM);
        dialog.rcpt(to("one@b.example"));
        dialog.data();
        dialog.write(bytes("x\r\n"));
        SmtpFailure failure = catchThrowableOfType(SmtpFailure.class, dialog::end);
        assertThat(failure.mayHaveBeenTaken()).isTrue();
        assertThat(failure.isPermanent()).isFalse();
        assertThat(failure.text())
                .isEqualTo(
                        "lost connection with mx.example[192.0.2.1] while sending end of data -- message may be sent more than once");
    }

    @Test
    void aTimeLimitThatPassesIsToldFromALostConnection() throws Exception {
        SmtpDialog dialog = dialog(Protocol.SMTP, "", """
                C: MAIL FROM:<sender@a.example>
                expire
                """);
        SmtpFailure failure = catchThrowableOfType(SmtpFailure.class, () -> dialog.mail(FROM));
        assertThat(failure.text())
                .isEqualTo("conversation with mx.example[192.0.2.1] timed out while sending MAIL FROM");
        assertThat(failure.status()).hasToString("4.4.2");
        assertThat(failure.relay()).isEqualTo("mx.example[192.0.2.1]:25");
        assertThat(failure.remoteMta()).isEmpty();
        assertThat(peer.connection(0).limits()).containsOnly(Duration.ofSeconds(300));
        dialog.cut();
    }

    @Test
    void aMessageTheServerCannotTakeIsNotBegun() throws Exception {
        SmtpDialog dialog = dialog(Protocol.SMTP, "SIZE 1000", "");
        SmtpFailure large = catchThrowableOfType(SmtpFailure.class, () -> dialog.mail(from("a@b.example", 1001)));
        assertThat(large.status()).hasToString("5.3.4");
        assertThat(large.text()).isEqualTo("message size 1001 exceeds size limit 1000 of server mx.example[192.0.2.1]");
        MailFrom utf8 = new MailFrom(FROM.sender(), Params.NONE, Peer.LOCAL, "", 10, true, true);
        SmtpFailure plain = catchThrowableOfType(SmtpFailure.class, () -> dialog.mail(utf8));
        assertThat(plain.status()).hasToString("5.6.7");
        dialog.cut();
        assertThat(peer.errors()).isEmpty();
    }

    /// CVE-2009-3555: an answer before its question is not the answer.
    @Test
    void aReplyBeforeMailEndsTheDialog() throws Exception {
        SmtpDialog dialog = dialog(Protocol.SMTP, "", """
                C: MAIL FROM:<sender@a.example>
                S: 250 2.1.0 Ok
                C: RSET
                S: 250 2.0.0 Ok
                S! 250 2.1.0 Ok
                """);
        dialog.mail(FROM);
        dialog.reset();
        assertThatThrownBy(() -> dialog.mail(FROM)).isInstanceOf(SmtpFailure.class);
        assertThat(dialog.isReady()).isFalse();
    }

    @Test
    void stepsOutOfOrderAreAFaultOfOurs() throws Exception {
        SmtpDialog dialog = dialog(Protocol.SMTP, "", "");
        assertThatThrownBy(dialog::data).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> dialog.write(bytes("x"))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> dialog.rcpt(to("a@b.example"))).isInstanceOf(IllegalStateException.class);
        dialog.cut();
    }

    @Test
    void noControlCharacterReachesACommand() throws Exception {
        SmtpDialog dialog = dialog(Protocol.SMTP, "", "");
        SmtpFailure sender =
                catchThrowableOfType(SmtpFailure.class, () -> dialog.mail(from("a\r\nRCPT TO:<x>@b.example", 0)));
        assertThat(sender.status()).hasToString("5.1.3");
        assertThat(sender.text()).isEqualTo("bad address syntax: a??RCPT TO:<x>@b.example");
        assertThatThrownBy(() -> dialog.chat().put("a\nb")).isInstanceOf(IllegalArgumentException.class);
        dialog.cut();
        assertThat(peer.errors()).isEmpty();
    }
}
