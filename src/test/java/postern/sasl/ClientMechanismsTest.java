package postern.sasl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.address.Address;
import postern.config.ConfigException;
import postern.config.MainCf;
import postern.lookup.TableContext;
import postern.lookup.Tables;
import postern.sasl.ClientMechanisms.Channel;

class ClientMechanismsTest {
    private static final Credentials TIM = new Credentials("tim", "tanstaaftanstaaf");
    private static final List<String> EVERYTHING =
            List.of("LOGIN", "PLAIN", "CRAM-MD5", "XOAUTH2", "GSSAPI", "SCRAM-SHA-256");

    private static ClientMechanisms mechanisms(Map<String, String> settings) {
        MainCf main = MainCf.of(Path.of("/"), settings);
        return new ClientMechanisms(main, new Tables(TableContext.of(main)), Runnable::run);
    }

    private static String chosen(Map<String, String> settings, Channel channel, List<String> offered) {
        try {
            return mechanisms(settings).begin(offered, channel, TIM).name();
        } catch (LoginFailed e) {
            return e.reason();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Test
    void theBestMechanismThatIsOfferedAndAllowedIsTaken() {
        Map<String, String> open = Map.of("smtp_sasl_security_options", "noanonymous");
        assertThat(chosen(open, Channel.CLEAR, EVERYTHING)).isEqualTo("SCRAM-SHA-256");
        assertThat(chosen(open, Channel.TLS, List.of("LOGIN", "PLAIN"))).isEqualTo("PLAIN");
        assertThat(chosen(open, Channel.TLS, List.of("PLAIN", "CRAM-MD5"))).isEqualTo("CRAM-MD5");
        assertThat(chosen(open, Channel.TLS, List.of("GSSAPI"))).isEqualTo("no mechanism available");
        assertThat(chosen(Map.of(), Channel.TLS, List.of("PLAIN", "LOGIN", "XOAUTH2")))
                .as("Postfix's default forbids plain text even under TLS")
                .isEqualTo("no mechanism available");
        Map<String, String> tls = Map.of("smtp_sasl_tls_security_options", "noanonymous");
        assertThat(chosen(tls, Channel.CLEAR, List.of("PLAIN"))).isEqualTo("no mechanism available");
        assertThat(chosen(tls, Channel.VERIFIED, List.of("PLAIN"))).isEqualTo("PLAIN");
        Map<String, String> filtered =
                Map.of("smtp_sasl_mechanism_filter", "xoauth2, login", "smtp_sasl_security_options", "");
        assertThat(chosen(filtered, Channel.CLEAR, EVERYTHING)).isEqualTo("LOGIN");
        assertThat(chosen(
                        Map.of("smtp_sasl_mechanism_filter", "!scram-sha-256, static:all"), Channel.CLEAR, EVERYTHING))
                .isEqualTo("CRAM-MD5");
        assertThatThrownBy(() -> mechanisms(Map.of("smtp_sasl_security_options", "noplain")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("noplaintext");
    }

    /// RFC 4616 §4.
    @Test
    void plain() {
        assertThat(text(new ClientPlain(TIM).initial())).isEqualTo("\0tim\0tanstaaftanstaaf");
        assertThatThrownBy(() -> new ClientPlain(TIM).respond(new byte[0])).isInstanceOf(LoginFailed.class);
    }

    @Test
    void loginAnswersTwoQuestionsWhateverTheirWords() throws LoginFailed {
        ClientLogin login = new ClientLogin(TIM);
        assertThat(login.initial()).isNull();
        assertThat(text(login.respond(bytes("Username:")))).isEqualTo("tim");
        assertThat(text(login.respond(bytes("?")))).isEqualTo("tanstaaftanstaaf");
        assertThatThrownBy(() -> login.respond(bytes("Password:"))).isInstanceOf(LoginFailed.class);
    }

    /// The example of RFC 2195 §2.
    @Test
    void cramMd5() throws LoginFailed {
        assertThat(text(new ClientCramMd5(TIM).respond(bytes("<1896.697170952@postoffice.reston.mci.net>"))))
                .isEqualTo("tim b913a602c7eda7a495b4e6e7334d3890");
    }

    @Test
    void xoauth2AnswersARefusalWithNothing() {
        ClientXoauth2 xoauth2 = new ClientXoauth2(new Credentials("u@example.com", "ya29.token"));
        assertThat(text(xoauth2.initial())).isEqualTo("user=u@example.com\u0001auth=Bearer ya29.token\u0001\u0001");
        assertThat(xoauth2.respond(bytes("{\"status\":\"401\"}"))).isEmpty();
    }

    private static ClientScram scram() {
        return new ClientScram(new Credentials("user", "pencil"), Runnable::run, "rOprNGfwEbeRWgbNEkqO");
    }

    private static final String SERVER_FIRST =
            "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";

    /// The example of RFC 7677 §3.
    @Test
    void scramSha256() throws LoginFailed {
        ClientScram scram = scram();
        assertThat(text(scram.initial())).isEqualTo("n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
        assertThat(text(scram.respond(bytes(SERVER_FIRST))))
                .isEqualTo(
                        "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
        assertThat(scram.isComplete()).as("the server has proved nothing yet").isFalse();
        assertThat(scram.respond(bytes("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")))
                .isEmpty();
        assertThat(scram.isComplete()).isTrue();
    }

    /// Whatever the server says, it never gets a proof for another nonce or too few iterations, never makes
    /// us work without end, and never passes without its own proof.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "r=other,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
                "r=rOprNGfwEbeRWgbNEkqO,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
                "r=rOprNGfwEbeRWgbNEkqOx,s=,i=4096",
                "r=rOprNGfwEbeRWgbNEkqOx,s=***,i=4096",
                "r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=1",
                "r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=2147483647",
                "r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=x",
                "m=ext,r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
                "e=other-error"
            })
    void scramEndsWithABadFirstMessage(String serverFirst) {
        assertThatThrownBy(() -> scram().respond(bytes(serverFirst))).isInstanceOf(LoginFailed.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "v=", "v=AAAA", "v=***", "e=invalid-proof", "e=\r\n"})
    void scramEndsWithoutTheServersProof(String serverFinal) throws LoginFailed {
        ClientScram scram = scram();
        scram.respond(bytes(SERVER_FIRST));
        assertThatThrownBy(() -> scram.respond(bytes(serverFinal)))
                .isInstanceOf(LoginFailed.class)
                .hasMessageNotContaining("\n");
        assertThat(scram.isComplete()).isFalse();
    }

    @Test
    void passwordsAreFoundBySenderThenServerThenNextHop() throws LoginFailed {
        Map<String, String> settings = Map.of(
                "smtp_sasl_auth_enable", "yes",
                "smtp_sasl_password_maps",
                        "inline:{ {@a.example = sender:1} {mx.example = server:2} {[relay.example]:587 = hop:3:4} }",
                "smtp_sender_dependent_authentication", "yes");
        MainCf main = MainCf.of(Path.of("/"), settings);
        ClientPasswords passwords = new ClientPasswords(main, new Tables(TableContext.of(main)));
        Address sender = Address.ofInternal("x@a.example");
        assertThat(passwords.find(sender, "mx.example", "b.example")).isEqualTo(new Credentials("sender", "1"));
        assertThat(passwords.find(null, "mx.example", "b.example")).isEqualTo(new Credentials("server", "2"));
        assertThat(passwords.find(null, "relay.example", "[relay.example]:587"))
                .isEqualTo(new Credentials("hop", "3:4"));
        assertThat(passwords.find(null, "other.example", "other.example")).isNull();
        assertThat(Objects.requireNonNull(passwords.find(null, "mx.example", ""))
                        .toString())
                .as("no password in a log")
                .isEqualTo("server");
        MainCf broken =
                MainCf.of(Path.of("/"), Map.of("smtp_sasl_auth_enable", "yes", "smtp_sasl_password_maps", "fail:x"));
        assertThatThrownBy(() -> new ClientPasswords(broken, new Tables(TableContext.of(broken)))
                        .find(null, "mx.example", "mx.example"))
                .isInstanceOf(LoginFailed.class);
        MainCf none = MainCf.of(Path.of("/"), Map.of("smtp_sasl_auth_enable", "yes"));
        assertThatThrownBy(() -> new ClientPasswords(none, new Tables(TableContext.of(none))))
                .isInstanceOf(ConfigException.class);
    }
}
