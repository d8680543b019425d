package postern.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/// AUTH as a client says it (RFC 4954).
class LoginTest {
    private final ClientSetup setup = new ClientSetup()
            .set("smtp_sasl_auth_enable", "yes")
            .set("smtp_sasl_password_maps", "inline:{ {[mx1.example]:587 = tim:tanstaaf} }")
            .set("smtp_sasl_security_options", "noanonymous");

    private static String greeting(String mechanisms) {
        return """
                S: 220 mx.example ESMTP
                C: EHLO mail.example
                S: 250-mx.example
                S! 250-AUTH=%1$s
                S! 250 AUTH %1$s
                """.formatted(mechanisms);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private SmtpFailure failure(String script) {
        ScriptedPeer peer = new ScriptedPeer(script);
        SmtpFailure failure =
                catchThrowableOfType(SmtpFailure.class, () -> setup.client(peer).open("[mx1.example]:587"));
        assertThat(failure).as(script).isNotNull();
        return failure;
    }

    private void passes(String nextHop, String script) throws Exception {
        ScriptedPeer peer = new ScriptedPeer(script);
        setup.client(peer).open(nextHop).cut();
        assertThat(peer.errors()).isEmpty();
    }

    @Test
    void plainGoesWithItsResponse() throws Exception {
        passes(
                "[mx1.example]:587",
                greeting("LOGIN PLAIN") + "C: AUTH PLAIN " + base64("\0tim\0tanstaaf") + "\nS: 235 2.7.0 ok");
    }

    @Test
    void loginAnswersChallenges() throws Exception {
        passes("[mx1.example]:587", greeting("LOGIN") + """
                C: AUTH LOGIN
                S: 334 VXNlcm5hbWU6
                C: dGlt
                S: 334 UGFzc3dvcmQ6
                C: dGFuc3RhYWY=
                S: 235 2.7.0 ok
                """);
    }

    @Test
    void withoutALoginForTheServerNoneIsTried() throws Exception {
        passes("[mx2.example]:587", greeting("PLAIN"));
        passes("[mx1.example]:587", "S: 220 x ESMTP\nC: EHLO *\nS: 250 x");
    }

    @Test
    void aRefusedLoginKeepsTheMailUnlessToldOtherwise() {
        String refused = greeting("PLAIN") + "C: AUTH PLAIN *\nS: 535 5.7.8 no\nC: QUIT";
        SmtpFailure soft = failure(refused);
        assertThat(soft.status()).hasToString("4.7.8");
        assertThat(soft.text())
                .isEqualTo("SASL authentication failed; server mx1.example[192.0.2.1] said: 535 5.7.8 no");
        setup.set("smtp_sasl_auth_soft_bounce", "no");
        assertThat(failure(refused).status()).hasToString("5.7.8");
    }

    @Test
    void aServerWithoutAMechanismWeMayUseGetsNothing() {
        setup.set("smtp_sasl_security_options", "noplaintext");
        SmtpFailure failure = failure(greeting("PLAIN LOGIN") + "C: QUIT");
        assertThat(failure.status()).hasToString("4.7.0");
        assertThat(failure.text())
                .isEqualTo(
                        "SASL authentication failed; cannot authenticate to server mx1.example[192.0.2.1]: no mechanism available");
    }

    /// Invalid base64, challenges without end, a success without the server's proof.
    @Test
    void aServerThatBreaksTheExchangeIsLeft() {
        assertThat(failure(greeting("LOGIN") + "C: AUTH LOGIN\nS: 334 ***\nC: *\nS: 501 aborted\nC: QUIT")
                        .text())
                .endsWith("the server's challenge is not base64");
        assertThat(failure(
                                greeting("LOGIN")
                                        + "C: AUTH LOGIN\nS: 334 eA==\nC: dGlt\nS: 334 eA==\nC: *\nS: 334 eA==\nC: *\nS: 501 no\nC: QUIT")
                        .text())
                .endsWith("unexpected challenge");
        assertThat(failure(greeting("SCRAM-SHA-256") + "C: AUTH SCRAM-SHA-256 *\nS: 235 come in\nC: QUIT")
                        .text())
                .endsWith("the server has not proved that it knows the password");
        assertThat(failure(greeting("XOAUTH2") + "C: AUTH XOAUTH2 *\n" + "S: 334 eA==\nC: \n".repeat(8)
                                + "S: 334 eA==\nC: QUIT")
                        .status())
                .as("a challenge is no answer")
                .hasToString("4.5.0");
    }

    @Test
    void aTableThatCannotBeAskedKeepsTheMail() {
        setup.set("smtp_sasl_password_maps", "fail:broken");
        assertThat(failure(greeting("PLAIN") + "C: QUIT").status()).hasToString("4.3.0");
    }
}
