package postern.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import postern.smtp.Fates.Fate;
import postern.smtp.HandoverId;

/// Whom an id is asked of, and what follows from what they say. `two.example` has two servers, 192.0.2.1 before
/// 192.0.2.2.
class FateInquiryTest {
    private static final HandoverId ID = new HandoverId(0, 15);
    private static final String ASKED = """
            S: 220 mx.two.example ESMTP
            C: EHLO mail.example
            S: 250-mx.two.example
            S: 250 XHANDOVER
            C: XFATE 0000000000000000000000000000000f
            """;
    private static final String TAKEN = ASKED + "S: 250 2.0.0 Taken\nC: QUIT\n";
    private static final String UNKNOWN = ASKED + "S: 550 5.5.0 Unknown\nC: QUIT\n";
    private static final String UNDECIDED = ASKED + "S: 451 4.5.0 Not decided\nC: QUIT\n";
    private static final String WITHOUT = """
            S: 220 mx.two.example ESMTP
            C: EHLO mail.example
            S: 250 mx.two.example
            C: QUIT
            """;
    private static final String AWAY = "refuse";

    private static Fate ask(String had, String... scripts) throws InterruptedException {
        ScriptedPeer peer = new ScriptedPeer(scripts);
        Fate fate = new ClientSetup()
                .client(peer)
                .fate(
                        "two.example",
                        null,
                        "4F0C3A91B2",
                        new SmtpClient.Question(ID, host -> host.place().equals(had)),
                        Duration.ofSeconds(5));
        assertThat(peer.errors()).isEmpty();
        assertThat(peer.dialled()).hasSize(scripts.length);
        return fate;
    }

    @Test
    void theServerThatWasGivenTheMessageDecidesAlone() throws InterruptedException {
        assertThat(ask("192.0.2.1:25", TAKEN)).isEqualTo(Fate.TAKEN);
        assertThat(ask("192.0.2.2:25", UNKNOWN)).isEqualTo(Fate.UNKNOWN);
        assertThat(ask("192.0.2.2:25", UNDECIDED)).isEqualTo(Fate.UNDECIDED);
        assertThat(ask("192.0.2.2:25", AWAY)).isEqualTo(Fate.UNDECIDED);
        assertThat(ask("192.0.2.2:25", WITHOUT)).isEqualTo(Fate.UNDECIDED);
    }

    /// It has another address now, or another server is in its place.
    @Test
    void whereItIsNotFoundAnyMoreAllAreAsked() throws InterruptedException {
        assertThat(ask("192.0.2.9:25", UNKNOWN, TAKEN)).isEqualTo(Fate.TAKEN);
        assertThat(ask("192.0.2.9:25", TAKEN)).isEqualTo(Fate.TAKEN);
        assertThat(ask("192.0.2.9:25", AWAY, TAKEN)).isEqualTo(Fate.TAKEN);
        assertThat(ask("192.0.2.9:25", UNKNOWN, UNKNOWN)).isEqualTo(Fate.UNKNOWN);
    }

    /// The one that cannot be asked may be the one that has it.
    @Test
    void unknownIsOnlyWhatAllSay() throws InterruptedException {
        assertThat(ask("192.0.2.9:25", UNKNOWN, AWAY)).isEqualTo(Fate.UNDECIDED);
        assertThat(ask("192.0.2.9:25", AWAY, UNKNOWN)).isEqualTo(Fate.UNDECIDED);
        assertThat(ask("192.0.2.9:25", UNKNOWN, UNDECIDED)).isEqualTo(Fate.UNDECIDED);
        assertThat(ask("192.0.2.9:25", UNKNOWN, WITHOUT)).isEqualTo(Fate.UNDECIDED);
    }

    @Test
    void whereNotAllMayHaveBeenFoundNothingIsUnknown() throws InterruptedException {
        ScriptedPeer peer = new ScriptedPeer(UNKNOWN, UNKNOWN);
        Fate fate = new ClientSetup()
                .set("smtp_mx_address_limit", "2")
                .client(peer)
                .fate("two.example", null, "", new SmtpClient.Question(ID, host -> false), Duration.ofSeconds(5));
        assertThat(fate).isEqualTo(Fate.UNDECIDED);
        ScriptedPeer nobody = new ScriptedPeer();
        fate = new ClientSetup()
                .client(nobody)
                .fate("broken.example", null, "", new SmtpClient.Question(ID, host -> true), Duration.ofSeconds(5));
        assertThat(fate).isEqualTo(Fate.UNDECIDED);
    }
}
