package postern.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import postern.address.Address;
import postern.address.Path;
import postern.smtp.extension.Auth;
import postern.smtp.extension.Dsn;
import postern.smtp.extension.Extensions;
import postern.smtp.extension.Size;
import postern.smtp.extension.SmtpUtf8;

class SmtpParserTest {
    private static Path reverse(String text) {
        return new SmtpParser(text).reversePath().path();
    }

    private static Params mail(String text) {
        return new SmtpParser(text).params(Extensions::mailParam);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "<u@d.example>, u@d.example",
                " <u@d.example>, u@d.example",
                "<U.v+x@D.Example>, U.v+x@D.Example",
                "<\"a b\"@d.example>, a b@d.example",
                "<\"a@b\"@d.example>, a@b@d.example",
                "<\"a\\\"b\\\\\"@d.example>, a\"b\\@d.example",
                "<@a:u@d.example>, u@d.example",
                "<u%d2@d.example>, u%d2@d.example",
                "<u@[192.0.2.1]>, u@[192.0.2.1]",
                "<u@[IPv6:2001:db8::1]>, u@[IPv6:2001:db8::1]",
                "<grüße@bücher.example>, grüße@bücher.example",
                "<u@xn--bcher-kva.example>, u@xn--bcher-kva.example",
                "<u@d_e.example>, u@d_e.example",
                "<Postmaster>, Postmaster",
            })
    void pathsByTheLetter(String given, String internal) {
        SmtpParser.Given path = new SmtpParser(given).forwardPath();
        assertThat(path.path().internal()).isEqualTo(internal);
        assertThat(path.strict()).isTrue();
    }

    @Test
    void aSourceRouteOfSeveralHostsMeansNothing() {
        assertThat(reverse("<@a,@b.example:u@d>").internal()).isEqualTo("u@d");
    }

    @ParameterizedTest
    @CsvSource({
        "u@d.example, u@d.example",
        "<pepe>, pepe",
        "<.u..v.@d.example>, .u..v.@d.example",
        "<u@d.example.>, u@d.example",
        "<u@d.>, u@d",
    })
    void pathsThatPostfixTakesToo(String given, String internal) {
        SmtpParser.Given path = new SmtpParser(given).reversePath();
        assertThat(path.path().internal()).isEqualTo(internal);
        assertThat(path.strict()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<",
                "<u@d.example",
                "u@d.example>",
                "<u@d.example>x",
                "<u@d..example>",
                "<u@.example>",
                "<u@>",
                "<@>",
                "<@d.example>",
                "<@a,b:u@d.example>",
                "<@a u@d.example>",
                "<\"\"@d.example>",
                "<\"a@d.example>",
                "<\"a\"b@d.example>",
                "<a b@d.example>",
                "<<u@d.example>>",
                "<u@d@e.example>",
                "<u@-d.example>",
                "<u@d-.example>",
                "<u@192.0.2.1>",
                "<u@[192.0.2.300]>",
                "<u@[192.0.2]>",
                "<u@[2001:db8::1]>",
                "<u@[IPv6:192.0.2.1]>",
                "<u@[IPv6:2001:db8::1%eth0]>",
                "<u@[IPv6:12345::]>",
                "<u@[192.0.2.1>",
                "<u@[x]>",
                "<u(comment)@d.example>",
                "<u\\@d@e.example>",
                "<u\u0000@d.example>",
                "<\"u\u0000\"@d.example>",
                "<\"u\r\nDATA\"@d.example>",
                "<u\u0085@d.example>",
                "<u@d\u0000.example>",
            })
    void badPathsAreRefused(String given) {
        assertThatThrownBy(() -> reverse(given)).hasMessage("501 5.1.7 Bad sender address syntax");
        assertThatThrownBy(() -> new SmtpParser(given).forwardPath())
                .hasMessage("501 5.1.3 Bad recipient address syntax");
    }

    @Test
    void theNullPathIsNoRecipient() {
        assertThat(reverse("<>")).isEqualTo(Path.NULL);
        assertThatThrownBy(() -> new SmtpParser("<>").forwardPath()).hasMessageStartingWith("501 5.1.3");
    }

    @Test
    void lengthsHaveLimits() {
        String label = "x".repeat(63);
        String domain = String.join(".", List.of(label, label, label, label));
        assertThat(domain).hasSize(255);
        assertThat(reverse("<" + "l".repeat(65) + "@" + domain + ">").internal())
                .hasSize(65 + 1 + 255);
        assertThatThrownBy(() -> reverse("<u@x." + domain + ">")).hasMessageStartingWith("501 5.1.7");
        assertThatThrownBy(() -> reverse("<u@" + "x".repeat(64) + ".example>")).hasMessageStartingWith("501 5.1.7");
        assertThatThrownBy(() -> reverse("<" + "l".repeat(513) + "@d>")).hasMessageStartingWith("501 5.1.7");
        assertThatThrownBy(() -> reverse("<" + "ü".repeat(257) + "@d>")).hasMessageStartingWith("501 5.1.7");
    }

    @Test
    void parametersAreTypedAndFormatBack() {
        SmtpParser parser = new SmtpParser("<u@d> SIZE=1000 smtputf8 RET=HDRS  ENVID=a+2Bb AUTH=u+40d ");
        parser.reversePath();
        Params params = parser.params(Extensions::mailParam);
        assertThat(params.get(Size.SIZE)).isEqualTo(1000);
        assertThat(params.get(SmtpUtf8.SMTPUTF8)).isTrue();
        assertThat(params.get(Dsn.ENVID)).isEqualTo("a+b");
        assertThat(params.get(Auth.AUTH)).isEqualTo("u@d");
        assertThat(mail(params.toString())).isEqualTo(params);
        assertThat(mail("AUTH=<>").toString()).isEqualTo(" AUTH=<>");
    }

    @ParameterizedTest
    @CsvSource({
        "FOO=BAR, 555 5.5.4 Unsupported option: FOO=BAR",
        "FOO, 555 5.5.4 Unsupported option: FOO",
        "SIZE, 555 5.5.4 Unsupported option: SIZE",
        "SMTPUTF8=x, 555 5.5.4 Unsupported option: SMTPUTF8=x",
        "=, 555 5.5.4 Unsupported option: =",
        "NOTIFY=NEVER, 555 5.5.4 Unsupported option: NOTIFY=NEVER",
        "SIZE=1 size=2, 501 5.5.4 Error: option SIZE given twice",
        "SIZE=, 501 5.5.4 Bad message size syntax",
        "SIZE=-1, 501 5.5.4 Bad message size syntax",
        "AUTH=, 501 5.5.4 Bad AUTH parameter: <> or a mailbox in xtext expected",
        "AUTH=a+0D+0Ab, 501 5.5.4 Bad AUTH parameter: <> or a mailbox in xtext expected",
        "AUTH=+4, 501 5.5.4 Bad xtext: + and two hex digits expected",
    })
    void badParametersAreRefused(String given, String refusal) {
        assertThatThrownBy(() -> mail(given)).hasMessage(refusal);
    }

    /// What an address prints as is read back as the same address.
    @Test
    void addressesComeBack() {
        Random random = new Random(5321);
        String letters = "ab.@\"\\ <>,:;()[]%+!#üß€𝄞";
        int[] points = letters.codePoints().toArray();
        for (int i = 0; i < 5000; i++) {
            StringBuilder local = new StringBuilder();
            for (int length = 1 + random.nextInt(8); length > 0; length--) {
                local.appendCodePoint(points[random.nextInt(points.length)]);
            }
            Address address = new Address(local.toString(), "d" + i % 7 + ".example");
            assertThat(reverse(Path.of(address) + " SIZE=1")).isEqualTo(Path.of(address));
        }
    }
}
