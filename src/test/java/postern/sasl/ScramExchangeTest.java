package postern.sasl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.config.MainCf;
import postern.log.MailLog;
import postern.sasl.Authenticator.Step;

class ScramExchangeTest {
    private static final Authenticator.Peer NOBODY = new Authenticator.Peer(null, null);
    private static final String CLIENT_NONCE = "rOprNGfwEbeRWgbNEkqO";
    private static final String SERVER_NONCE = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    private static final String FINAL = "c=biws,r=" + CLIENT_NONCE + SERVER_NONCE;
    private static final String PROOF = ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";

    @TempDir
    Path directory;

    /// The example of RFC 7677 §3.
    @Test
    void followsTheExampleOfTheStandard() throws IOException {
        ScramExchange exchange = exchange();

        assertThat(text(exchange.next(bytes("n,,n=user,r=" + CLIENT_NONCE))))
                .isEqualTo("r=" + CLIENT_NONCE + SERVER_NONCE + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
        Step end = exchange.next(bytes(FINAL + PROOF));
        assertThat(end).isInstanceOfSatisfying(Step.Success.class, success -> {
            assertThat(success.login()).isEqualTo(Login.of("user"));
            assertThat(new String(Objects.requireNonNull(success.bytes()), StandardCharsets.US_ASCII))
                    .isEqualTo("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
        });
    }

    @Test
    void asksForTheFirstMessageWhenThereIsNoInitialResponse() throws IOException {
        assertThat(text(exchange().next(null))).isEmpty();
    }

    @Test
    void refusesAWrongProof() throws IOException {
        ScramExchange exchange = exchange();
        exchange.next(bytes("n,,n=user,r=" + CLIENT_NONCE));

        assertThat(exchange.next(bytes(FINAL + PROOF.replace("dHz", "dHy"))))
                .isInstanceOfSatisfying(Step.Failure.class, failure -> {
                    assertThat(failure.malformed()).isFalse();
                    assertThat(failure.delay()).isPositive();
                });
    }

    @Test
    void showsAnUnknownLoginASaltThatStaysTheSameAndThenRefusesIt() throws IOException {
        Logins logins = logins();
        String first = salt(logins, "nobody");

        assertThat(salt(logins, "nobody")).isEqualTo(first).isEqualTo(salt(logins, "NOBODY"));
        assertThat(salt(logins, "somebody")).isNotEqualTo(first);
        assertThat(Base64.getDecoder().decode(first)).hasSize(16);
        ScramExchange exchange = new ScramExchange(logins, NOBODY, false, SERVER_NONCE);
        exchange.next(bytes("n,,n=nobody,r=" + CLIENT_NONCE));
        assertThat(exchange.next(bytes(FINAL + PROOF))).isInstanceOf(Step.Failure.class);
    }

    @Test
    void readsEscapedNames() {
        ScramFirst first = Objects.requireNonNull(ScramFirst.parse("y,a=a=2Cb,n=a=2Cb=3D,r=x,e=1"));

        assertThat(first.login()).isEqualTo("a,b=");
        assertThat(first.authzid()).isEqualTo("a,b");
        assertThat(first.gs2Header()).isEqualTo("y,a=a=2Cb,");
        assertThat(first.bare()).isEqualTo("n=a=2Cb=3D,r=x,e=1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",",
                "n,,",
                "n,,n=user",
                "n,,n=,r=x",
                "n,,n=us=er,r=x",
                "n,,n=user,r=",
                "n,,r=x,n=user",
                "n,,m=ext,n=user,r=x",
                "p=tls-unique,,n=user,r=x",
                "n,user,n=user,r=x",
                "n,a=other,n=user,r=x",
                "x,,n=user,r=x",
                "n,,n=us\0er,r=x",
                "n,,n=user,r=\u00e4"
            })
    void callsABrokenFirstMessageMalformed(String message) throws IOException {
        assertMalformed(exchange().next(bytes(message)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "c=biws",
                "c=biws,r=" + CLIENT_NONCE + SERVER_NONCE,
                "c=biws,r=" + CLIENT_NONCE + PROOF,
                "c=biws,r=other" + PROOF,
                "c=eSws,r=" + CLIENT_NONCE + SERVER_NONCE + PROOF,
                "c=%%,r=" + CLIENT_NONCE + SERVER_NONCE + PROOF,
                "r=" + CLIENT_NONCE + SERVER_NONCE + ",c=biws" + PROOF,
                "c=biws,r=" + CLIENT_NONCE + SERVER_NONCE + ",p=%%"
            })
    void callsABrokenLastMessageMalformed(String message) throws IOException {
        ScramExchange exchange = exchange();
        exchange.next(bytes("n,,n=user,r=" + CLIENT_NONCE));

        assertMalformed(exchange.next(bytes(message)));
    }

    @Test
    void callsAnOversizedMessageMalformed() throws IOException {
        assertMalformed(exchange().next(bytes("n,,n=" + "x".repeat(5000) + ",r=x")));
        assertMalformed(exchange().next(new byte[] {'n', ',', ',', 'n', '=', (byte) 0xff, ',', 'r', '=', 'x'}));
    }

    private static void assertMalformed(Step step) {
        assertThat(step)
                .isInstanceOfSatisfying(
                        Step.Failure.class,
                        failure -> assertThat(failure.malformed()).isTrue());
    }

    private static String salt(Logins logins, String login) {
        String challenge = text(new ScramExchange(logins, NOBODY, false).next(bytes("n,,n=" + login + ",r=x")));
        return challenge.substring(challenge.indexOf(",s=") + 3, challenge.indexOf(",i="));
    }

    private ScramExchange exchange() throws IOException {
        return new ScramExchange(logins(), NOBODY, false, SERVER_NONCE);
    }

    private Logins logins() throws IOException {
        ScramKeys keys = ScramKeys.derive("pencil", Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096);
        String line = "user|{SCRAM-SHA-256}4096,W22ZaJ0SNY7soEsUEjb6gQ==," + encode(keys.storedKey()) + ","
                + encode(keys.serverKey());
        Path file = Files.writeString(directory.resolve("users"), line + "\n");
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        return new Logins(
                Users.open(file, () -> now, MailLog.none()),
                Logins.Guarded.alone(MainCf.of(directory, Map.of()), () -> now),
                Runnable::run);
    }

    private static String encode(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(Step step) {
        return new String(((Step.Challenge) step).bytes(), StandardCharsets.UTF_8);
    }
}
