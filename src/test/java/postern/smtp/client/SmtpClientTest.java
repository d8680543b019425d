package postern.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.junit.jupiter.api.Test;

/// From a next hop to a dialog that is ready for mail.
class SmtpClientTest {
    private static final String PLAIN = """
            S: 220 mx.example ESMTP
            C: EHLO mail.example
            S: 250-mx.example
            S! 250-PIPELINING
            S! 250 SIZE 1000
            """;
    private static final String REFUSING = """
            S: 554 5.7.1 not today
            C: QUIT
            """;
    private static final String UNDER_TLS = """
            S: 220 mx.example ESMTP
            C: EHLO mail.example
            S: 250-mx.example
            S! 250-SIZE 1
            S! 250-AUTH PLAIN
            S! 250 STARTTLS
            C: STARTTLS
            S: 220 2.0.0 Ready to start TLS
            """;
    private static final String AFTER_TLS = """
            C: EHLO mail.example
            S: 250-mx.example
            S! 250 PIPELINING
            """;

    private final ClientSetup setup = new ClientSetup();

    private SmtpDialog open(ScriptedPeer peer, String nextHop) throws SmtpFailure {
        return setup.client(peer).open(nextHop);
    }

    private SmtpFailure failure(ScriptedPeer peer, String nextHop) {
        return catchThrowableOfType(SmtpFailure.class, () -> open(peer, nextHop));
    }

    @Test
    void opensADialogThatIsReadyForMail() throws Exception {
        ScriptedPeer peer = new ScriptedPeer(PLAIN);
        SmtpDialog dialog = open(peer, "one.example");
        assertThat(dialog.features().offers("PIPELINING")).isTrue();
        assertThat(dialog.features().sizeLimit()).isEqualTo(1000);
        assertThat(dialog.relay()).isEqualTo("mx1.example[192.0.2.1]:25");
        dialog.cut();
        assertThat(peer.errors()).isEmpty();
        assertThat(peer.dialled()).containsExactly("[192.0.2.1]:25");
    }

    @Test
    void theNextHostIsTriedWhenOneCannotBeReachedOrWillNotTalk() throws Exception {
        ScriptedPeer refused = new ScriptedPeer("refuse", PLAIN);
        assertThat(open(refused, "two.example").host().name()).isEqualTo("mx2.example");
        assertThat(setup.log()).containsExactly("smtp: connect to mx1.example[192.0.2.1]:25: Connection refused");
        ScriptedPeer busy = new ScriptedPeer("S: 421 busy\n close", PLAIN);
        assertThat(open(busy, "two.example").host().name()).isEqualTo("mx2.example");
        assertThat(setup.log())
                .last()
                .isEqualTo("smtp: NOQUEUE: host mx1.example[192.0.2.1] refused to talk to me: 421 busy");
        ScriptedPeer silent = new ScriptedPeer("expire\n close", PLAIN);
        assertThat(open(silent, "two.example").host().name()).isEqualTo("mx2.example");
        assertThat(setup.log())
                .last()
                .asString()
                .contains(
                        "conversation with mx1.example[192.0.2.1] timed out while receiving the initial server greeting");
    }

    @Test
    void aGreetingOf5xxPassesTheServerOverUnlessToldOtherwise() throws Exception {
        assertThat(open(new ScriptedPeer(REFUSING, PLAIN), "two.example").host().name())
                .isEqualTo("mx2.example");
        SmtpFailure soft = failure(new ScriptedPeer(REFUSING), "one.example");
        assertThat(soft.status()).hasToString("4.7.1");
        setup.set("smtp_skip_5xx_greeting", "no");
        SmtpFailure hard = failure(new ScriptedPeer(REFUSING), "two.example");
        assertThat(hard.status()).hasToString("5.7.1");
        assertThat(hard.text()).isEqualTo("host mx1.example[192.0.2.1] refused to talk to me: 554 5.7.1 not today");
    }

    @Test
    void aConnectionThatCannotBeMadeIsTold() {
        SmtpFailure failure = failure(new ScriptedPeer("refuse"), "[mx1.example]:2525");
        assertThat(failure.status()).hasToString("4.4.1");
        assertThat(failure.text()).isEqualTo("connect to mx1.example[192.0.2.1]:2525: Connection refused");
        assertThat(failure.relay()).isEqualTo("none");
    }

    @Test
    void aServerWithoutEhloGetsHelo() throws Exception {
        ScriptedPeer peer = new ScriptedPeer("""
                S: 220 mx.example
                C: EHLO mail.example
                S: 500 what
                C: HELO mail.example
                S: 250 mx.example
                """);
        SmtpDialog dialog = open(peer, "one.example");
        assertThat(dialog.features()).isEqualTo(Features.NONE);
        dialog.cut();
        assertThat(peer.errors()).isEmpty();
    }

    /// What a server said before STARTTLS is forgotten after it.
    @Test
    void tlsIsUsedWhereItIsOfferedAndNothingFromBeforeCounts() throws Exception {
        setup.set("smtp_tls_security_level", "may").set("smtp_tls_loglevel", "1");
        ScriptedPeer peer = new ScriptedPeer(UNDER_TLS + "+ tls\n" + AFTER_TLS);
        SmtpDialog dialog = open(peer, "one.example");
        assertThat(dialog.features().offers("PIPELINING")).isTrue();
        assertThat(dialog.features().offers("SIZE")).isFalse();
        assertThat(dialog.features().offers("AUTH")).isFalse();
        assertThat(dialog.tls()).isNotNull();
        dialog.cut();
        assertThat(peer.errors()).isEmpty();
        assertThat(setup.log())
                .containsExactly(
                        "smtp: Anonymous TLS connection established to mx1.example[192.0.2.1]:25: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)");
    }

    /// CVE-2021-38371: bytes behind `220 ready` and before the handshake.
    @Test
    void plaintextBehindTheReplyToStarttlsEndsTheDialog() {
        setup.set("smtp_tls_security_level", "may");
        SmtpFailure failure = failure(new ScriptedPeer(UNDER_TLS + "S! 250 injected"), "one.example");
        assertThat(failure.status()).hasToString("4.7.5");
        assertThat(setup.log()).anyMatch(line -> line.contains("sent more behind its reply to STARTTLS"));
    }

    @Test
    void aFailedHandshakeIsTriedAgainInClearAtLevelMayOnly() throws Exception {
        setup.set("smtp_tls_security_level", "may");
        ScriptedPeer peer = new ScriptedPeer(UNDER_TLS + "+ tls fails", PLAIN);
        SmtpDialog dialog = open(peer, "one.example");
        assertThat(dialog.tls()).isNull();
        dialog.cut();
        assertThat(peer.errors()).isEmpty();
        assertThat(peer.dialled()).hasSize(2);

        setup.set("smtp_tls_security_level", "encrypt");
        SmtpFailure failure = failure(new ScriptedPeer(UNDER_TLS + "+ tls fails"), "one.example");
        assertThat(failure.status()).hasToString("4.7.5");
        assertThat(failure.text()).isEqualTo("Cannot start TLS: handshake failure");
    }

    /// A password that was to go under TLS does not make the server say "relay access denied" in clear.
    @Test
    void aServerThatWouldGetAPasswordIsNotTriedInClear() throws Exception {
        setup.set("smtp_tls_security_level", "may")
                .set("smtp_sasl_auth_enable", "yes")
                .set("smtp_sasl_password_maps", "static:user:secret");
        ScriptedPeer peer = new ScriptedPeer(UNDER_TLS + "+ tls fails");
        assertThat(failure(peer, "one.example").status()).hasToString("4.7.5");
        assertThat(peer.errors()).isEmpty();
    }

    @Test
    void whereTlsIsRequiredNothingGoesInClear() {
        setup.set("smtp_tls_security_level", "encrypt");
        SmtpFailure notOffered = failure(new ScriptedPeer(PLAIN + "C: QUIT"), "one.example");
        assertThat(notOffered.status()).hasToString("4.7.4");
        assertThat(notOffered.text()).isEqualTo("TLS is required, but was not offered by host mx1.example[192.0.2.1]");
        String refused = UNDER_TLS.replace("220 2.0.0 Ready to start TLS", "454 4.7.0 not now");
        assertThat(failure(new ScriptedPeer(refused + "C: QUIT"), "one.example").text())
                .isEqualTo("TLS is required, but host mx1.example[192.0.2.1] refused to start TLS: 454 4.7.0 not now");
        String helo = "S: 220 x\nC: EHLO *\nS: 500 what\nC: HELO *\nS: 250 x\nC: QUIT";
        assertThat(failure(new ScriptedPeer(helo), "one.example").status()).hasToString("4.7.4");
    }

    @Test
    void atLevelMayARefusedStarttlsMeansInClear() throws Exception {
        setup.set("smtp_tls_security_level", "may");
        String refused = UNDER_TLS.replace("220 2.0.0 Ready to start TLS", "454 4.7.0 not now");
        SmtpDialog dialog = open(new ScriptedPeer(refused), "one.example");
        assertThat(dialog.tls()).isNull();
        assertThat(dialog.features().offers("SIZE")).isTrue();
        dialog.cut();
    }

    @Test
    void aServerThatMustProveItselfAndDoesNotGetsNothing() throws Exception {
        setup.set("smtp_tls_security_level", "secure").set("smtp_tls_loglevel", "1");
        assertThat(failure(new ScriptedPeer(UNDER_TLS + "+ tls"), "one.example").text())
                .isEqualTo("Server certificate not verified");
        SmtpDialog dialog = open(new ScriptedPeer(UNDER_TLS + "+ tls verified\n" + AFTER_TLS), "one.example");
        assertThat(setup.log()).last().asString().startsWith("smtp: Verified TLS connection established to");
        dialog.cut();
    }

    @Test
    void inWrapperModeTlsComesFirst() throws Exception {
        setup.set("smtp_tls_wrappermode", "yes").set("smtp_tls_security_level", "encrypt");
        ScriptedPeer peer = new ScriptedPeer("+ tls\n" + PLAIN);
        open(peer, "[mx1.example]:465").cut();
        assertThat(peer.errors()).isEmpty();
        setup.set("smtp_tls_security_level", "may");
        assertThat(failure(new ScriptedPeer(), "[mx1.example]:465").text())
                .isEqualTo("client TLS configuration problem");
    }

    @Test
    void aPolicyThatCannotBeUsedKeepsTheMail() {
        for (String level : List.of("dane", "dane-only", "half-dane", "sometimes")) {
            setup.set("smtp_tls_policy_maps", "inline:{ one.example=" + level + " }");
            SmtpFailure failure = failure(new ScriptedPeer(), "one.example");
            assertThat(failure.status()).as(level).hasToString("4.7.5");
            assertThat(failure.text()).isEqualTo("client TLS configuration problem");
            assertThat(setup.log())
                    .anyMatch(line -> line.contains("warning")
                            && line.contains("invalid security level \"" + level + "\"")
                            && line.contains("needs validated DNS") == level.contains("dane"));
        }
    }

    @Test
    void keywordsToDiscardAreNotOffered() throws Exception {
        setup.set("smtp_discard_ehlo_keywords", "pipelining, silent-discard");
        SmtpDialog dialog = open(new ScriptedPeer(PLAIN), "one.example");
        assertThat(dialog.features().offers("PIPELINING")).isFalse();
        assertThat(dialog.features().offers("SIZE")).isTrue();
        dialog.cut();
    }

    @Test
    void aServerWithOurOwnNameIsALoop() {
        String self = PLAIN.replace("250-mx.example", "250-Mail.Example") + "C: QUIT";
        SmtpFailure best = failure(new ScriptedPeer(self), "one.example");
        assertThat(best.status()).hasToString("5.4.6");
        assertThat(best.text()).isEqualTo("mail for one.example loops back to myself");
        SmtpFailure worse = failure(new ScriptedPeer("refuse", self), "two.example");
        assertThat(worse.status()).hasToString("4.4.6");
    }

    @Test
    void theFallbackRelayIsTriedWhenTheDestinationIsNotThereButNotWhenMailLoops() throws Exception {
        setup.set("smtp_fallback_relay", "[mx2.example]");
        for (String gone : new String[] {"nowhere.example", "broken.example"}) {
            ScriptedPeer peer = new ScriptedPeer(PLAIN);
            open(peer, gone).cut();
            assertThat(peer.dialled()).as(gone).containsExactly("[192.0.2.2]:25");
        }
        setup.dns().add("self.example A 192.0.2.100");
        assertThat(failure(new ScriptedPeer(), "[self.example]").status()).hasToString("5.4.6");
        setup.set("smtp_fallback_relay", "[nowhere.example]");
        SmtpFailure both = failure(new ScriptedPeer("refuse"), "one.example");
        assertThat(both.status())
                .as("a fall-back relay that is not there is a fault in the configuration")
                .hasToString("4.3.5");
        assertThat(setup.log()).last().isEqualTo("smtp: warning: smtp_fallback_relay configuration problem");
    }

    /// Mail for which this host is a backup waits for the better exchangers.
    @Test
    void aBackupExchangerDoesNotUseTheFallbackRelay() throws Exception {
        setup.set("smtp_fallback_relay", "[mx2.example]")
                .dns()
                .add("backup.example MX 10 mx1.example")
                .add("backup.example MX 20 mail.example");
        ScriptedPeer peer = new ScriptedPeer("refuse");
        assertThat(failure(peer, "backup.example").status()).hasToString("4.4.1");
        assertThat(peer.errors()).isEmpty();
    }

    @Test
    void theOnlyOwnAddressIsTheOneToConnectFrom() throws Exception {
        setup.set("inet_interfaces", "127.0.0.1 192.0.2.77");
        ScriptedPeer two = new ScriptedPeer(PLAIN, PLAIN, PLAIN);
        open(two, "one.example").cut();
        setup.set("inet_interfaces", "192.0.2.77, 2001:db8::77");
        open(two, "one.example").cut();
        setup.set("smtp_bind_address", "[192.0.2.78]");
        open(two, "one.example").cut();
        assertThat(two.dialledFrom()).containsExactly("any", "192.0.2.77", "192.0.2.78");
    }

    @Test
    void aRelayhostThatIsNotThereIsAFaultInTheConfiguration() {
        setup.set("relayhost", "[nowhere.example]");
        assertThat(failure(new ScriptedPeer(), "[nowhere.example]").status()).hasToString("4.3.5");
        assertThat(failure(new ScriptedPeer(), "[elsewhere.example]").status()).hasToString("5.4.4");
        assertThat(failure(new ScriptedPeer(), "[mx1.example").status()).hasToString("4.3.5");
    }

    @Test
    void severalNextHopsAreTriedInTurn() throws Exception {
        ScriptedPeer peer = new ScriptedPeer("refuse", PLAIN);
        open(peer, "[mx1.example]:2525, [mx2.example]:2526").cut();
        assertThat(peer.dialled()).containsExactly("[192.0.2.1]:2525", "[192.0.2.2]:2526");
    }

    @Test
    void ipv6IsTriedBeforeIpv4() throws Exception {
        setup.dns().add("six.example A 192.0.2.6").add("six.example AAAA 2001:db8::6");
        ScriptedPeer peer = new ScriptedPeer("refuse", PLAIN);
        open(peer, "[six.example]").cut();
        assertThat(peer.dialled()).containsExactly("[2001:db8::6]:25", "[192.0.2.6]:25");
    }

    @Test
    void lmtpSaysLhloAndHasTimeLimitsOfItsOwn() throws Exception {
        setup.lmtp().set("lmtp_lhlo_timeout", "7s").set("lmtp_tls_security_level", "may");
        ScriptedPeer peer = new ScriptedPeer("""
                S: 220 store
                C: LHLO mail.example
                S: 250-store
                S! 250 STARTTLS
                C: QUIT
                S: 221 bye
                """);
        SmtpDialog dialog = open(peer, "unix:/run/lmtp");
        assertThat(dialog.isLmtp()).isTrue();
        assertThat(dialog.relay()).isEqualTo("mail.example[/run/lmtp]");
        assertThat(peer.connection(0).limits()).contains(java.time.Duration.ofSeconds(7));
        dialog.quit();
        assertThat(peer.errors()).isEmpty();
        assertThat(peer.dialled()).containsExactly("/run/lmtp");
    }
}
