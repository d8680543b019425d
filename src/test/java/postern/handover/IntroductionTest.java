package postern.handover;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import postern.address.Address;
import postern.cleanup.Outlet;
import postern.config.MainCf;
import postern.queue.Ledger;
import postern.smtp.Envelope;
import postern.smtp.Offered;
import postern.smtp.Params;
import postern.smtp.Peer;
import postern.smtp.Recipient;
import postern.smtp.client.ClientSetup;
import postern.smtp.client.ScriptedPeer;
import postern.smtp.client.SmtpClient;

/// The true client, told to the next hop: by a PROXY header, XCLIENT, XFORWARD; and every point at which
/// that can fail.
class IntroductionTest {
    private static final Peer CLIENT =
            new Peer("192.0.2.7", 4711, "c.example", "c.example", "helo.example", "ESMTPS", "", "", "");
    private static final Peer OTHER = new Peer("2001:db8::9", 25, "unknown", "unknown", "", "SMTP", "", "", "");

    private static final String HELLO = """
            S: 220 dms.example ESMTP
            C: EHLO mail.example
            S: 250-dms.example
            S: 250-PIPELINING
            """;
    private static final String XCLIENT = HELLO + "S: 250 XCLIENT NAME ADDR PROTO HELO REVERSE_NAME PORT LOGIN\n";
    private static final String SAID = XCLIENT
            + "C: XCLIENT ADDR=192.0.2.7 PORT=4711 NAME=c.example REVERSE_NAME=c.example PROTO=ESMTP HELO=helo.example\n";
    private static final String ANEW = """
            S: 220 dms.example ESMTP
            C: EHLO helo.example
            S: 250-dms.example
            S: 250 PIPELINING
            """;
    private static final String PROXY = "C# 28\n";
    private static final String REST = """
            C: MAIL FROM:<a@sender.example>
            C: RCPT TO:<bob@one.example>
            S: 250 2.1.0 Ok
            S: 250 2.1.5 Ok
            C: DATA
            S: 354 go
            C. text
            S: 250 2.0.0 taken
            C: QUIT
            """;

    private final ClientSetup setup = new ClientSetup();
    private ScriptedPeer peer = new ScriptedPeer();
    private boolean ours = true;

    @AfterEach
    void everyScriptWasPlayed() throws InterruptedException {
        assertThat(peer.errors()).isEmpty();
    }

    @Test
    void nextHopThatOffersXclientHearsOfTheClient() {
        assertThat(send(through(SAID + ANEW + REST), CLIENT)).isEqualTo("250 2.0.0 taken");
    }

    @Test
    void onlyAttributesThatAreOfferedAreSaid() {
        String script = HELLO + "S: 250 XCLIENT NAME ADDR\nC: XCLIENT ADDR=192.0.2.7 NAME=c.example\n" + ANEW + REST;
        assertThat(send(through(script), CLIENT)).isEqualTo("250 2.0.0 taken");
    }

    @Test
    void clientWithoutNameAndHeloIsSaidAsSuch() {
        String script = XCLIENT
                + "C: XCLIENT ADDR=IPV6:2001:db8::9 PORT=25 NAME=[UNAVAILABLE] REVERSE_NAME=[UNAVAILABLE] PROTO=SMTP HELO=[UNAVAILABLE]\n"
                + ANEW.replace("EHLO helo.example", "EHLO [IPv6:2001:db8::9]") + REST;
        assertThat(send(through(script), OTHER)).isEqualTo("250 2.0.0 taken");
    }

    @Test
    void twoClientsNeverShareAConnection() {
        setup.set("smtp_connection_cache_destinations", "one.example").set("smtp_connection_cache_on_demand", "yes");
        String second = SAID.replace("192.0.2.7", "192.0.2.8");
        PassThrough through = through(SAID + ANEW + REST, second + ANEW + REST, SAID + ANEW + REST);
        assertThat(send(through, CLIENT)).isEqualTo("250 2.0.0 taken");
        Peer other = new Peer("192.0.2.8", 4711, "c.example", "c.example", "helo.example", "ESMTP", "", "", "");
        assertThat(send(through, other)).isEqualTo("250 2.0.0 taken");
        assertThat(send(through, CLIENT)).isEqualTo("250 2.0.0 taken");
    }

    /// At its address nobody awaits a mail server (SPF, lists of dial-up addresses): it is ours to answer for.
    @Test
    void clientThatHasLoggedInHereIsOurs() {
        Peer user = new Peer("192.0.2.7", 4711, "c.example", "c.example", "h", "ESMTPSA", "", "you", "PLAIN");
        assertThat(send(through(XCLIENT + REST), user)).isEqualTo("250 2.0.0 taken");
    }

    /// The next hop took that connection for ours: no stranger may have it.
    @Test
    void connectionOfALoginIsNotForStrangers() {
        setup.set("smtp_connection_cache_destinations", "one.example");
        PassThrough through = through(XCLIENT + REST, SAID + ANEW + REST);
        Peer user = new Peer("192.0.2.7", 4711, "c.example", "c.example", "h", "ESMTPSA", "", "you", "PLAIN");
        assertThat(send(through, user)).isEqualTo("250 2.0.0 taken");
        assertThat(send(through, CLIENT)).isEqualTo("250 2.0.0 taken");
        present.close();
    }

    @Test
    void proxyHeaderTellsWhereTheClientConnectedTo() {
        setup.set("postern_relay_proxy", "one.example");
        Peer.Local to = new Peer.Local(InetAddress.ofLiteral("10.1.2.3"), 587);
        assertThat(send(through(PROXY + ANEW + REST), CLIENT.at(to))).isEqualTo("250 2.0.0 taken");
        assertThat(peer.texts().getFirst()).endsWith("\n\u0001\u0002\u0003\u0012g\u0002K");
    }

    /// Nor is one whose PROXY header could not name the client.
    @Test
    void connectionForAnUnknownAddressServesItAlone() {
        setup.set("postern_relay_proxy", "one.example").set("smtp_connection_cache_destinations", "one.example");
        Peer nowhere = new Peer("unknown", 0, "unknown", "unknown", "h", "ESMTP", "", "", "");
        PassThrough through = through("C# 16\n" + XCLIENT + REST, PROXY + ANEW + REST);
        assertThat(send(through, nowhere)).isEqualTo("250 2.0.0 taken");
        assertThat(send(through, CLIENT)).isEqualTo("250 2.0.0 taken");
    }

    @Test
    void foreignNextHopHearsNothing() {
        ours = false;
        assertThat(send(through(XCLIENT + REST), CLIENT)).isEqualTo("250 2.0.0 taken");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "554 5.7.1 <c.example[192.0.2.7]>: Client host rejected: Access denied | 554 5.7.1 <c.example[192.0.2.7]>: Client host rejected: Access denied",
                "450 4.7.1 not yet | 450 4.7.1 not yet",
                "421 4.7.0 dms.example Error: too many connections | 451 4.7.0 [next-hop] Error: too many connections",
                "521 dms.private.example does not take your mail | 550 [next-hop] does not take your mail",
                "550 5.7.1 blocked by [10.0.0.3] | 550 5.7.1 blocked by [next-hop]"
            })
    void refusalOfTheClientIsItsAnswer(String said, String heard) {
        String end = said.startsWith("421") || said.startsWith("521") ? "" : "C: QUIT\n";
        assertThat(refused(through(SAID + "S: " + said + "\n" + end))).isEqualTo(heard);
    }

    @Test
    void refusedHeloOfTheClientIsItsAnswer() {
        String script = SAID + """
                S: 220 dms.example ESMTP
                C: EHLO helo.example
                S: 504 5.5.2 <helo.example>: Helo command rejected: need fully-qualified hostname
                C: HELO helo.example
                S: 504 5.5.2 <helo.example>: Helo command rejected: need fully-qualified hostname
                C: QUIT
                """;
        assertThat(refused(through(script)))
                .isEqualTo("504 5.5.2 <helo.example>: Helo command rejected: need fully-qualified hostname");
    }

    @ParameterizedTest
    @CsvSource({
        "501 5.5.4 Bad ADDR syntax: x",
        "503 5.5.1 Error: MAIL transaction in progress",
        "550 5.7.0 Error: insufficient authorization",
        "354 what"
    })
    void otherAnswersToXclientAreOursToSettle(String said) {
        assertThat(refused(through(SAID + "S: " + said + "\nC: QUIT\n"))).startsWith("451 4.3.0 Next hop");
        assertThat(setup.log()).anyMatch(line -> line.contains("offers XCLIENT, but answers it with: " + said));
    }

    @Test
    void lostAroundXclientIsTryAgain() {
        for (String script : List.of(
                SAID + "close\n",
                SAID + "expire\n",
                SAID + "S: nonsense\nclose\n",
                SAID + "S: 220 dms.example ESMTP\nC: EHLO helo.example\nclose\n")) {
            assertThat(refused(through(script))).startsWith("451 4.");
        }
    }

    @Test
    void xforwardIsSaidWithoutBeingAskedFor() {
        String script = HELLO + "S: 250 XFORWARD NAME ADDR PROTO HELO\n" + """
                C: XFORWARD NAME=c.example ADDR=192.0.2.7
                C: XFORWARD PROTO=ESMTPS HELO=helo.example
                S: 250 Ok
                S: 250 Ok
                """ + REST;
        assertThat(send(through(script), CLIENT)).isEqualTo("250 2.0.0 taken");
    }

    /// It feeds logs and filters only: without it mail goes on.
    @Test
    void refusedXforwardKeepsNoMail() {
        String script = HELLO + """
                S: 250 XFORWARD ADDR
                C: XFORWARD ADDR=192.0.2.7
                S: 550 5.7.0 Error: insufficient authorization
                """ + REST;
        assertThat(send(through(script), CLIENT)).isEqualTo("250 2.0.0 taken");
    }

    @Test
    void lostAroundXforwardIsTryAgain() {
        for (String end : List.of("close\n", "expire\n", "S: nonsense\nclose\n")) {
            String script = HELLO + "S: 250 XFORWARD ADDR\nC: XFORWARD ADDR=192.0.2.7\n" + end;
            assertThat(refused(through(script))).startsWith("451 4.");
        }
    }

    @Test
    void proxyHeaderComesBeforeTheGreetingAndWeSpeakAsTheClient() {
        setup.set("postern_relay_proxy", "ONE.example");
        assertThat(send(through(PROXY + ANEW + REST), CLIENT)).isEqualTo("250 2.0.0 taken");
        byte[] header = peer.texts().getFirst().getBytes(StandardCharsets.ISO_8859_1);
        assertThat(header).hasSize(28).startsWith(13, 10, 13, 10, 0, 13, 10, 'Q', 'U', 'I', 'T', 10, 0x21, 0x11);
    }

    @Test
    void mailOfOurOwnClientsComesWithAHeaderThatSaysSo() {
        setup.set("postern_relay_proxy", "one.example");
        Peer user = new Peer("192.0.2.7", 4711, "c.example", "c.example", "h", "ESMTPSA", "", "you", "PLAIN");
        assertThat(send(through("C# 16\n" + XCLIENT + REST), user)).isEqualTo("250 2.0.0 taken");
    }

    @Test
    void greetingThatRefusesTheProxiedClientIsItsAnswer() {
        setup.set("postern_relay_proxy", "one.example");
        String script = PROXY + "S: 521 5.7.1 Service unavailable; client [192.0.2.7] blocked using dnsbl.example\n";
        assertThat(refused(through(script)))
                .isEqualTo("550 5.7.1 Service unavailable; client [192.0.2.7] blocked using dnsbl.example");
    }

    @Test
    void lostAroundTheProxyHeaderIsTryAgain() {
        setup.set("postern_relay_proxy", "one.example");
        for (String script :
                List.of("close\n", PROXY + "close\n", PROXY + "expire\n", PROXY + "S: nonsense\nclose\n")) {
            assertThat(refused(through(script))).startsWith("451 4.");
        }
    }

    /// One that was opened in our own name is for our own mail.
    @Test
    void restingConnectionOfOursIsNotForClients() throws Exception {
        setup.set("smtp_connection_cache_destinations", "one.example");
        PassThrough through = through(
                XCLIENT.replace("250 XCLIENT", "250-XCLIENT") + "S: 250 8BITMIME\nC: QUIT\n", SAID + ANEW + REST);
        SmtpClient client = client();
        try (var attempts = client.attempts("one.example", null, "NOQUEUE")) {
            var dialog = attempts.next();
            assertThat(dialog).isNotNull();
            attempts.release(dialog);
        }
        assertThat(send(through, CLIENT)).isEqualTo("250 2.0.0 taken");
        client.close();
    }

    /// The last EHLO of each next hop of ours counts; foreign ones do not.
    @Test
    void whatNextHopsOfOursHonourIsKnownFromTheirEhlo() {
        String anew = ANEW.replace("S: 250 PIPELINING", "S: 250-PIPELINING\nS: 250-SIZE 5000\nS: 250 8BITMIME");
        PassThrough through = through(SAID + anew + REST);
        assertThat(setup.heard().all()).isEqualTo(Offered.EVERYTHING);
        send(through, CLIENT);
        assertThat(setup.heard().all()).isEqualTo(new Offered(Set.of("DSN", "SMTPUTF8"), 5000));
        assertThat(setup.heard().all().smaller(0)).isEqualTo(5000);
        assertThat(setup.heard().all().smaller(4000)).isEqualTo(4000);
    }

    @Test
    void whatForeignNextHopsHonourIsNoMatter() {
        ours = false;
        PassThrough through = through(XCLIENT + REST);
        send(through, CLIENT);
        assertThat(setup.heard().all()).isEqualTo(Offered.EVERYTHING);
    }

    private SmtpClient present = setup.client(peer);

    private SmtpClient client() {
        return present;
    }

    private String send(PassThrough through, Peer client) {
        Outlet message = open(through, client);
        assertThat(rcpt(message)).isEqualTo("250 2.1.5 Ok");
        message.write(ByteBuffer.wrap("hello\r\n".getBytes(StandardCharsets.UTF_8)));
        return Crossing.writeAndCommit(message, "");
    }

    private static String refused(PassThrough through) {
        Outlet message = open(through, CLIENT);
        String reply = rcpt(message);
        message.abort();
        return reply;
    }

    private PassThrough through(String... scripts) {
        peer = new ScriptedPeer(scripts);
        SmtpClient client = setup.client(peer);
        present = client;
        return new PassThrough(
                MainCf.of(Path.of("/"), Map.of()),
                new PassThrough.Behind(
                        (sender, recipient) ->
                                new Way.To(client, "postfix/relay/smtp", "one.example", recipient, ours, 0),
                        Ledger.closed(),
                        new NoticeBox()),
                setup,
                setup);
    }

    private static Outlet open(PassThrough through, Peer client) {
        return through.open(new Envelope(
                postern.address.Path.of(Address.ofInternal("a@sender.example")), Params.NONE, client, Instant.EPOCH));
    }

    private static String rcpt(Outlet message) {
        return message.rcpt(List.of(new Recipient(Address.ofInternal("bob@one.example"), Params.NONE)))
                .toString();
    }
}
