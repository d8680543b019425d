package postern.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static postern.handover.Crossing.ASKED;
import static postern.handover.Crossing.BOTH_OK;
import static postern.handover.Crossing.LONG;
import static postern.handover.Crossing.TEXT;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import postern.cleanup.Outlet;
import postern.smtp.client.ScriptedPeer;

/// Connections to a next hop, and the promises made over them: whatever goes wrong, a line comes back, and no
/// recipient that was promised is forgotten.
class LinesTest {
    private static final String DATA = """
            C: DATA
            S: 354 go
            C. text
            """;
    private static final String TAKEN = ASKED + BOTH_OK + DATA + """
            S: 250 2.0.0 taken
            C: QUIT
            """;

    private final Crossing crossing = new Crossing().lines(1);
    private ScriptedPeer peer = new ScriptedPeer();

    @AfterEach
    void everyScriptWasPlayed() throws InterruptedException {
        assertThat(peer.errors()).isEmpty();
    }

    private PassThrough through(String... scripts) {
        peer = new ScriptedPeer(scripts);
        return crossing.to(peer);
    }

    @Test
    void lineComesBackWhenDataIsRefusedInTheMiddle() {
        PassThrough through = through(ASKED + BOTH_OK + """
                C: DATA
                S: 451 4.3.0 not now
                C: RSET
                S: 250 Ok
                C: QUIT
                """, TAKEN);
        assertThat(Crossing.send(through, LONG)).isEqualTo("451 4.3.0 not now");
        assertThat(through.hops().areIdle()).isTrue();
        assertThat(Crossing.send(through, TEXT)).isEqualTo("250 2.0.0 taken");
    }

    @Test
    void lineComesBackWhenTheNextHopCannotBeFoundAgain() {
        PassThrough through = through(ASKED + BOTH_OK + "close\n", "refuse", TAKEN);
        assertThat(Crossing.send(through, LONG)).startsWith("451 4.4.");
        assertThat(through.hops().areIdle()).isTrue();
        assertThat(Crossing.send(through, TEXT)).isEqualTo("250 2.0.0 taken");
    }

    /// bob was promised; when his line went to another message, the next hop no longer wants him. The text
    /// must not go to eve alone with a 250 for both.
    @Test
    void promisedRecipientWhoIsRefusedLaterIsNeverForgotten() {
        String change = ASKED + """
                S: 250 2.1.0 Ok
                S: 450 4.2.0 greylisted
                """;
        PassThrough through = through(
                ASKED + BOTH_OK + """
                C: RSET
                S: 250 Ok
                C: QUIT
                """,
                TAKEN,
                ASKED.replace("bob@one.example>\n", "bob@one.example>\nC: RCPT TO:<eve@one.example>\n") + """
                S: 250 2.1.0 Ok
                S: 450 4.2.0 greylisted
                S: 250 2.1.5 eve
                """,
                change);
        Outlet slow = Crossing.open(through);
        Crossing.rcpt(slow, "bob@one.example");
        assertThat(Crossing.send(through, TEXT)).isEqualTo("250 2.0.0 taken");
        assertThat(Crossing.rcpt(slow, "eve@one.example")).startsWith("451 4.3.0");
        assertThat(Crossing.writeAndCommit(slow, TEXT)).startsWith("451 4.3.0");
        assertThat(peer.texts()).containsExactly(TEXT);
        assertThat(through.hops().areIdle()).isTrue();
    }

    @Test
    void refusedMailOnASecondConnectionIsTriedAgainWithTheText() {
        PassThrough through = through(
                ASKED + BOTH_OK + """
                C: RSET
                S: 250 Ok
                C: QUIT
                """,
                TAKEN,
                ASKED.replace("bob@one.example>\n", "bob@one.example>\nC: RCPT TO:<eve@one.example>\n") + """
                S: 450 4.7.1 not you again
                S: 503 need MAIL
                S: 503 need MAIL
                C: QUIT
                """,
                TAKEN);
        Outlet slow = Crossing.open(through);
        Crossing.rcpt(slow, "bob@one.example");
        assertThat(Crossing.send(through, TEXT)).isEqualTo("250 2.0.0 taken");
        assertThat(Crossing.rcpt(slow, "eve@one.example")).startsWith("450 4.7.1");
        assertThat(Crossing.writeAndCommit(slow, TEXT)).isEqualTo("250 2.0.0 taken");
    }

    @Test
    void serverThatTakesNoMailNowIsFollowedByTheNext() {
        PassThrough through = through(
                ASKED.replace("one", "two") + """
                S: 452 4.3.1 disk full
                S: 503 need MAIL
                C: QUIT
                """, ASKED.replace("one", "two").replace("mx1", "mx2") + BOTH_OK + """
                C: RSET
                S: 250 Ok
                C: QUIT
                """);
        Outlet message = Crossing.open(through);
        assertThat(Crossing.rcpt(message, "bob@two.example")).isEqualTo("250 2.1.5 Ok");
        message.abort();
    }

    /// Also while it connects, greets, and hears MAIL: no step is given more than what is left for all.
    @Test
    void timeToTheAnswerOfRcptIsOneForAllSteps() {
        crossing.set("postern_handover_rcpt_timeout", "7s");
        PassThrough through = through(ASKED + "expire\nclose\n");
        Outlet message = Crossing.open(through);
        assertThat(Crossing.rcpt(message, "bob@one.example")).startsWith("451 4.");
        message.abort();
        assertThat(peer.longestLimit()).isLessThanOrEqualTo(Duration.ofSeconds(7));
        assertThat(through.hops().areIdle()).isTrue();
    }

    @Test
    void silentServerIsNotFollowedByAnotherWhenTheTimeIsUp() {
        crossing.set("postern_handover_rcpt_timeout", "0s");
        PassThrough through = through();
        Outlet message = Crossing.open(through);
        assertThat(Crossing.rcpt(message, "bob@two.example")).startsWith("451 4.");
        message.abort();
        assertThat(through.hops().areIdle()).isTrue();
    }

    @Test
    void piecesAndTheLastAnswerHaveTimesOfTheirOwn() {
        crossing.set("postern_handover_rcpt_timeout", "1s")
                .set("postern_handover_data_timeout", "20s")
                .set("postern_handover_done_timeout", "40s");
        PassThrough through = through(ASKED + BOTH_OK + DATA + "expire\nclose\n");
        assertThat(Crossing.send(through, LONG)).isEqualTo("451 4.4.2 Connection with next hop lost, try again later");
        assertThat(peer.longestLimit()).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(40));
    }

    @Test
    void replyThatClosesIsPermanentWhereItWas() {
        PassThrough through = through(ASKED + """
                S: 250 2.1.0 Ok
                S: 521 5.3.2 no mail here
                close
                """);
        assertThat(Crossing.send(through, TEXT)).isEqualTo("550 5.3.2 no mail here");
    }

    @Test
    void nothingOfOurNetworkGetsOut() {
        PassThrough through = through(ASKED + """
                S: 250 2.1.0 Ok
                S: 550-5.1.1 <bob@mx1.example>: no; asked nas.home.arpa and 100.64.3.4 at 192.0.2.1
                S: 550-5.1.1 dovecot.lan[172.31.0.9]:24 says 2001:db8::1 and fe80::12%eth0
                S: 550 5.1.1 see http://example.com/localhost.html or mx1.example
                C: RSET
                S: 250 Ok
                C: QUIT
                """);
        assertThat(Crossing.send(through, TEXT))
                .isEqualTo("550 5.1.1 <bob@mx1.example>: no; asked [next-hop] and [next-hop] at [next-hop]"
                        + " [next-hop][next-hop]:24 says 2001:db8::1 and [next-hop]"
                        + " see http://example.com/localhost.html or [next-hop]");
    }

    @Test
    void domainOfOursWithoutAWayIsOurConfiguration() {
        PassThrough through = through();
        Outlet message = Crossing.open(through);
        assertThat(Crossing.rcpt(message, "bob@null.example")).isEqualTo("451 4.3.5 Server configuration error");
        assertThat(crossing.setup.log()).anyMatch(line -> line.contains("null.example, the next hop of null.example"));
        message.abort();
    }
}
