package postern.handover;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import postern.address.Address;
import postern.cleanup.Outlet;
import postern.config.MainCf;
import postern.queue.Ledger;
import postern.smtp.Envelope;
import postern.smtp.Params;
import postern.smtp.Peer;
import postern.smtp.Recipient;
import postern.smtp.client.ClientSetup;
import postern.smtp.client.ScriptedPeer;
import postern.smtp.client.SmtpClient;
import postern.smtp.extension.EightBitMime;

/// Every point at which a hand-over can fail, and what our client hears of it.
class PassageTest {
    private static final String GREETING = """
            S: 220 mx1.example ESMTP
            C: EHLO mail.example
            S: 250-mx1.example
            S: 250-PIPELINING
            S: 250 8BITMIME
            """;
    private static final String CHUNKING = GREETING.replace("S: 250 8BITMIME", "S: 250-CHUNKING\nS: 250 8BITMIME");
    private static final String MAIL = """
            C: MAIL FROM:<a@sender.example>
            """;
    private static final String BOB = "C: RCPT TO:<bob@one.example>\n";
    private static final String OK = "S: 250 2.1.0 Ok\n";
    private static final String TEXT = "Subject: x\r\n\r\nhello\r\n";

    private final ClientSetup setup = new ClientSetup();
    private ScriptedPeer peer = new ScriptedPeer();
    private boolean ours = true;
    private int lines;

    @AfterEach
    void everyScriptWasPlayed() throws InterruptedException {
        assertThat(peer.errors()).isEmpty();
    }

    @Test
    void nextHopsWordsAreOurs() {
        PassThrough through = through(GREETING + MAIL + BOB + OK + """
                S: 250 2.1.5 bob is here
                C: DATA
                S: 354 go
                C. text
                S: 250 2.0.0 Ok: queued as 77
                C: QUIT
                """);
        Outlet message = open(through);
        assertThat(rcpt(message, "bob@one.example")).isEqualTo("250 2.1.5 bob is here");
        write(message, TEXT);
        assertThat(commit(message)).isEqualTo("250 2.0.0 Ok: queued as 77");
        assertThat(peer.texts()).containsExactly(TEXT);
        assertThat(setup.log())
                .anyMatch(
                        line -> line.matches(
                                "postfix/relay/smtp: [0-9A-F]+: to=<bob@one.example>, relay=mx1.example\\[192.0.2.1]:25, .*dsn=2.0.0, status=sent \\(250 2.0.0 Ok: queued as 77\\)"));
    }

    @Test
    void wholeSmallTextIsOneChunk() {
        PassThrough through = through(CHUNKING + MAIL + BOB + OK + OK + """
                C: BDAT %d LAST
                C# %d
                S: 250 2.0.0 taken
                C: QUIT
                """.formatted(TEXT.length(), TEXT.length()));
        Outlet message = open(through);
        rcpt(message, "bob@one.example");
        write(message, TEXT);
        assertThat(commit(message)).isEqualTo("250 2.0.0 taken");
        assertThat(peer.texts()).containsExactly(TEXT);
    }

    @Test
    void unknownUserIsRefusedInTheSession() {
        PassThrough through = through(GREETING + MAIL + BOB + OK + """
                S: 550 5.1.1 <bob@one.example>: Recipient address rejected: User unknown
                C: RSET
                S: 250 2.0.0 Ok
                C: QUIT
                """);
        Outlet message = open(through);
        assertThat(rcpt(message, "bob@one.example"))
                .isEqualTo("550 5.1.1 <bob@one.example>: Recipient address rejected: User unknown");
        message.abort();
    }

    @Test
    void refusedContentIsRefusedAtEndOfData() {
        PassThrough through = through(GREETING + MAIL + BOB + OK + OK + """
                C: DATA
                S: 354 go
                C. text
                S: 554 5.7.1 Spam
                C: QUIT
                """);
        assertThat(send(through)).isEqualTo("554 5.7.1 Spam");
    }

    @Test
    void neitherNameNorPrivateAddressOfANextHopOfOursGetsOut() {
        PassThrough through = through(GREETING + MAIL + BOB + OK + """
                S: 450 4.2.0 <bob@one.example>: Greylisted by mx1.example[10.1.2.3], see [192.168.3.4] and fd00::1
                C: RSET
                S: 250 Ok
                C: QUIT
                """);
        Outlet message = open(through);
        assertThat(rcpt(message, "bob@one.example"))
                .isEqualTo(
                        "450 4.2.0 <bob@one.example>: Greylisted by [next-hop][next-hop], see [next-hop] and [next-hop]");
        message.abort();
    }

    @Test
    void whatAForeignNextHopSaysPassesOnAsItIs() {
        ours = false;
        PassThrough through = through(GREETING + MAIL + BOB + OK + """
                S: 550 5.7.1 mx1.example does not like you
                C: RSET
                S: 250 Ok
                C: QUIT
                """);
        Outlet message = open(through);
        assertThat(rcpt(message, "bob@one.example")).isEqualTo("550 5.7.1 mx1.example does not like you");
        message.abort();
    }

    @Test
    void noNextHopIsTryAgain() {
        PassThrough through = through("refuse");
        Outlet message = open(through);
        assertThat(rcpt(message, "bob@one.example")).isEqualTo("451 4.4.1 Next hop is not available, try again later");
        message.abort();
    }

    @Test
    void greetingAndEhloThatRefuseAreOursToSettle() {
        for (String script : List.of("S: 554 5.7.1 go away\nC: QUIT", "S: 421 4.3.2 busy")) {
            PassThrough through = through(script);
            Outlet message = open(through);
            assertThat(rcpt(message, "bob@one.example")).startsWith("451 4.3.0 Next hop");
            message.abort();
        }
    }

    @Test
    void refusedMailIsTheRecipientsAnswerOnlyWhenItIsAboutTheSender() {
        for (String[] pair : List.of(
                new String[] {"S: 553 5.1.8 Sender domain not found", "553 5.1.8 Sender domain not found"},
                new String[] {"S: 452 4.3.1 Out of space", "451 4.3.0 Next hop cannot take this message now"},
                new String[] {"S: 550 5.7.23 SPF says no", "550 5.7.23 SPF says no"})) {
            PassThrough through = through(GREETING + MAIL + BOB + pair[0] + "\n" + """
                    S: 503 5.5.1 need MAIL
                    C: QUIT
                    """);
            Outlet message = open(through);
            assertThat(rcpt(message, "bob@one.example")).isEqualTo(pair[1]);
            message.abort();
        }
    }

    @Test
    void closingReplyNeverClosesOurClient() {
        PassThrough through = through(GREETING + MAIL + BOB + OK + "S: 421 4.7.0 too many\n");
        Outlet message = open(through);
        assertThat(rcpt(message, "bob@one.example")).isEqualTo("451 4.7.0 too many");
        message.abort();
    }

    @Test
    void relayDeniedByANextHopOfOursIsOurFault() {
        PassThrough through = through(GREETING + MAIL + BOB + OK + """
                S: 554 5.7.1 <bob@one.example>: Relay access denied
                C: RSET
                S: 250 Ok
                C: QUIT
                """);
        Outlet message = open(through);
        assertThat(rcpt(message, "bob@one.example")).isEqualTo("451 4.3.5 Server configuration error");
        assertThat(setup.log()).anyMatch(line -> line.contains("relay_domains names"));
        message.abort();
    }

    @Test
    void lostAfterTheGoAheadIsTryAgainAndNeverKept() {
        PassThrough through = through(GREETING + MAIL + BOB + OK + OK + """
                C: DATA
                S: 354 go
                close
                """);
        assertThat(send(through)).isEqualTo("451 4.4.2 Connection with next hop lost, try again later");
    }

    @Test
    void lostAfterTheEndIsTryAgain() {
        PassThrough through = through(GREETING + MAIL + BOB + OK + OK + """
                C: DATA
                S: 354 go
                C. text
                close
                """);
        assertThat(send(through)).isEqualTo("451 4.4.2 Connection with next hop lost, try again later");
    }

    @Test
    void lostBeforeTheTextIsAskedAgainOnAnotherConnection() {
        PassThrough through =
                through(GREETING + MAIL + BOB + OK + OK + "close\n", GREETING + MAIL + BOB + OK + OK + """
                C: DATA
                S: 354 go
                C. text
                S: 250 2.0.0 taken
                C: QUIT
                """);
        assertThat(send(through)).isEqualTo("250 2.0.0 taken");
    }

    @Test
    void longTextFlowsWhileItComesAndACutOneNeverEnds() {
        PassThrough through = through(GREETING + MAIL + BOB + OK + OK + """
                C: DATA
                S: 354 go
                C. text
                """);
        Outlet message = open(through);
        rcpt(message, "bob@one.example");
        write(message, "Subject: long\r\n");
        for (int i = 0; i < 70; i++) {
            write(message, ("x".repeat(998) + "\r\n"));
        }
        message.abort();
        assertThat(peer.texts()).isEmpty();
        peer = new ScriptedPeer();
    }

    @Test
    void longTextEndsWithTheNextHopsAnswer() {
        PassThrough through = through(GREETING + MAIL + BOB + OK + OK + """
                C: DATA
                S: 354 go
                C. text
                S: 250 2.0.0 taken
                C: QUIT
                """);
        Outlet message = open(through);
        rcpt(message, "bob@one.example");
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            String line = "." + "x".repeat(900) + "\r\n";
            all.append(line);
            write(message, line);
        }
        assertThat(commit(message)).isEqualTo("250 2.0.0 taken");
        assertThat(peer.texts()).containsExactly(all.toString());
    }

    /// Of the bytes that will come nothing is known but what the client says.
    @Test
    void nextHopHearsOfTheTextWhatTheClientSaid() {
        for (EightBitMime.Body body : EightBitMime.Body.values()) {
            String said = EightBitMime.BODY.format(body);
            PassThrough through = through(GREETING + MAIL.replace("example>", "example> BODY=" + said) + BOB + OK + OK
                    + "C: RSET\nS: 250 Ok\nC: QUIT\n");
            Outlet message = open(through, Params.NONE.with(EightBitMime.BODY, body));
            assertThat(rcpt(message, "bob@one.example")).startsWith("250");
            message.abort();
        }
    }

    @Test
    void recipientOfAnotherNextHopComesWithAnotherMessage() {
        PassThrough through = through(GREETING + MAIL + BOB + OK + OK + """
                C: RSET
                S: 250 Ok
                C: QUIT
                """);
        Outlet message = open(through);
        assertThat(rcpt(message, "bob@one.example")).startsWith("250");
        assertThat(rcpt(message, "eve@two.example")).startsWith("452 4.5.3");
        message.abort();
    }

    /// One RCPT became two recipients, and the second is refused: the first must not get the message either.
    @Test
    void oneOfSeveralBehindAnAliasRefusedIsAllRefused() {
        PassThrough through = through(GREETING + MAIL + BOB + OK + OK + """
                C: RCPT TO:<eve@one.example>
                S: 550 5.1.1 no eve
                C: RSET
                S: 250 Ok
                C: QUIT
                """);
        Outlet message = open(through);
        Recipient bob = new Recipient(Address.ofInternal("bob@one.example"), Params.NONE);
        Recipient eve = new Recipient(Address.ofInternal("eve@one.example"), Params.NONE);
        assertThat(message.rcpt(List.of(bob, eve)).toString()).isEqualTo("550 5.1.1 no eve");
        message.abort();
    }

    /// The next hop takes one connection; a message that waits for its client makes way, and is asked for
    /// again.
    @Test
    void slowClientMakesWayForAQuickOne() {
        lines = 1;
        PassThrough through = through(
                GREETING + MAIL + BOB + OK + OK + """
                C: RSET
                S: 250 Ok
                C: QUIT
                """,
                GREETING + MAIL + BOB + OK + OK + """
                C: DATA
                S: 354 go
                C. text
                S: 250 2.0.0 quick
                C: QUIT
                """,
                GREETING + MAIL + BOB + OK + OK + """
                C: DATA
                S: 354 go
                C. text
                S: 250 2.0.0 slow
                C: QUIT
                """);
        Outlet slow = open(through);
        assertThat(rcpt(slow, "bob@one.example")).startsWith("250");
        assertThat(send(through)).isEqualTo("250 2.0.0 quick");
        write(slow, TEXT);
        assertThat(commit(slow)).isEqualTo("250 2.0.0 slow");
    }

    private String send(PassThrough through) {
        Outlet message = open(through);
        assertThat(rcpt(message, "bob@one.example")).startsWith("250");
        write(message, TEXT);
        return commit(message);
    }

    private PassThrough through(String... scripts) {
        peer = new ScriptedPeer(scripts);
        SmtpClient client = setup.set("smtp_connection_cache_on_demand", "no").client(peer);
        return new PassThrough(
                MainCf.of(Path.of("/"), Map.of("postern_handover_line_timeout", "1s")),
                new PassThrough.Behind(
                        (sender, recipient) -> new Way.To(
                                client,
                                "postfix/relay/smtp",
                                recipient.domain() == null
                                        ? ""
                                        : recipient.domain().text(),
                                recipient,
                                ours,
                                lines),
                        Ledger.closed(),
                        new NoticeBox()),
                setup,
                setup);
    }

    private static Outlet open(PassThrough through) {
        return open(through, Params.NONE);
    }

    private static Outlet open(PassThrough through, Params params) {
        Envelope envelope = new Envelope(
                postern.address.Path.of(Address.ofInternal("a@sender.example")), params, Peer.LOCAL, Instant.EPOCH);
        return through.open(envelope);
    }

    private static String rcpt(Outlet message, String address) {
        return message.rcpt(List.of(new Recipient(Address.ofInternal(address), Params.NONE)))
                .toString();
    }

    private static void write(Outlet message, String text) {
        message.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String commit(Outlet message) {
        return Crossing.writeAndCommit(message, "");
    }
}
