package postern.handover;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import postern.address.Address;
import postern.cleanup.Outlet;
import postern.config.MainCf;
import postern.queue.Ledger;
import postern.queue.Mail;
import postern.queue.Report;
import postern.smtp.Envelope;
import postern.smtp.Params;
import postern.smtp.Peer;
import postern.smtp.Recipient;
import postern.smtp.client.ClientSetup;
import postern.smtp.client.ScriptedPeer;
import postern.smtp.client.SmtpClient;
import postern.smtp.extension.Dsn;
import postern.smtp.extension.EightBitMime;

/// What a next hop lacks of what the sender asked for.
class UnableNextHopTest {
    private static final String SCRIPT = """
            S: 220 mx1.example ESMTP
            C: EHLO mail.example
            S: 250-mx1.example
            S: 250 PIPELINING
            C: MAIL FROM:<a@sender.example>
            C: RCPT TO:<bob@one.example>*
            S: 250 2.1.0 Ok
            S: 250 2.1.5 Ok
            C: DATA
            S: 354 go
            C. text
            S: 250 2.0.0 taken
            C: QUIT
            """;
    private static final String REFUSING = SCRIPT.replace("S: 250 2.0.0 taken", "S: 554 5.7.1 Spam");

    private final ClientSetup setup = new ClientSetup();
    private final List<String> relayed = new ArrayList<>();
    private ScriptedPeer peer = new ScriptedPeer();
    private Params mail = Params.NONE;
    private Params rcpt = Params.NONE;
    private List<Recipient> aliases = List.of();
    private String text = "hello\r\n";

    @AfterEach
    void everyScriptWasPlayed() throws InterruptedException {
        assertThat(peer.errors()).isEmpty();
    }

    /// RFC 3461 §5.2.2.
    @Test
    void successThatTheNextHopDoesNotTellIsToldAsRelayed() {
        rcpt = params("NOTIFY=SUCCESS,FAILURE");
        assertThat(send(SCRIPT)).isEqualTo("250 2.0.0 taken");
        assertThat(relayed).containsExactly("bob@one.example relayed: 250 2.0.0 taken: hello\r\n");
    }

    @Test
    void nextHopThatTellsItselfIsLeftToDoSo() {
        rcpt = params("NOTIFY=SUCCESS");
        assertThat(send(SCRIPT.replace("S: 250 PIPELINING", "S: 250-PIPELINING\nS: 250 DSN")))
                .isEqualTo("250 2.0.0 taken");
        assertThat(relayed).isEmpty();
    }

    @Test
    void whoDoesNotAskIsNotTold() {
        rcpt = params("NOTIFY=FAILURE");
        assertThat(send(SCRIPT)).isEqualTo("250 2.0.0 taken");
        assertThat(relayed).isEmpty();
    }

    @Test
    void refusedMessageIsNoSuccess() {
        rcpt = params("NOTIFY=SUCCESS");
        assertThat(send(REFUSING)).isEqualTo("554 5.7.1 Spam");
        assertThat(relayed).isEmpty();
    }

    /// RFC 3461 §5.2.7.3.
    @Test
    void senderIsToldOfAnAliasOnceItsMembersHaveTheMessage() {
        aliases = List.of(new Recipient(Address.ofInternal("all@sender.example"), params("NOTIFY=SUCCESS")));
        assertThat(send(REFUSING)).isEqualTo("554 5.7.1 Spam");
        assertThat(relayed).isEmpty();
        assertThat(send(SCRIPT)).isEqualTo("250 2.0.0 taken");
        assertThat(relayed).containsExactly("all@sender.example expanded: alias expanded: hello\r\n");
    }

    /// The text is longer than what is held of it: the notice has what it began with.
    @Test
    void noticeOfALongTextHasTheHeader() {
        rcpt = params("NOTIFY=SUCCESS");
        text = "Subject: long\r\n\r\n" + ("x".repeat(998) + "\r\n").repeat(100);
        assertThat(send(SCRIPT)).isEqualTo("250 2.0.0 taken");
        assertThat(relayed).singleElement().asString().contains("taken: Subject: long\r\n\r\nxxx");
    }

    @Test
    void eightBitTextGoesAsItIsAndIsLogged() {
        mail = Params.NONE.with(EightBitMime.BODY, EightBitMime.Body.EIGHT_BIT);
        assertThat(send(SCRIPT)).isEqualTo("250 2.0.0 taken");
        assertThat(setup.log())
                .anyMatch(line -> line.endsWith("mx1.example[192.0.2.1]:25 gets 8-bit text without 8BITMIME"));
    }

    private static Params params(String notify) {
        return Params.NONE.with(Dsn.NOTIFY, Dsn.NOTIFY.parse(notify.substring("NOTIFY=".length())));
    }

    private String send(String script) {
        Outlet message = through(script)
                .open(new Envelope(
                        postern.address.Path.of(Address.ofInternal("a@sender.example")),
                        mail,
                        Peer.LOCAL,
                        Instant.EPOCH));
        Recipient bob = new Recipient(Address.ofInternal("bob@one.example"), rcpt);
        assertThat(message.rcpt(List.of(bob)).toString()).isEqualTo("250 2.1.5 Ok");
        return Crossing.writeAndCommit(message, text, aliases);
    }

    private PassThrough through(String script) {
        peer = new ScriptedPeer(script);
        SmtpClient client = setup.client(peer);
        Notices notices = new Notices() {
            @Override
            public boolean knows(Peer client) {
                return true;
            }

            @Override
            public boolean refused(Mail about, List<Report> reports, ByteBuffer header) {
                return false;
            }

            @Override
            public void relayed(Mail about, List<Report> reports, ByteBuffer header) {
                for (Report report : reports) {
                    relayed.add(report.recipient().address().internal() + " " + report.action() + ": "
                            + report.status().text() + ": " + StandardCharsets.UTF_8.decode(header.duplicate()));
                }
            }
        };
        Way.To way =
                new Way.To(client, "postfix/relay/smtp", "one.example", Address.ofInternal("bob@one.example"), true, 0);
        return new PassThrough(
                MainCf.of(Path.of("/"), Map.of()),
                new PassThrough.Behind((sender, recipient) -> way, Ledger.closed(), notices),
                setup,
                setup);
    }
}
