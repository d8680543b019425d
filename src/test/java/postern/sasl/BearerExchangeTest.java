package postern.sasl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.config.MainCf;
import postern.log.MailLog;
import postern.net.TlsFacts;
import postern.net.Trust;
import postern.sasl.Authenticator.Peer;
import postern.sasl.Authenticator.Step;

/// OAUTHBEARER (RFC 7628) and XOAUTH2.
class BearerExchangeTest {
    private static final Peer CLEAR = new Peer(null, null);
    private static final Peer TLS =
            new Peer(null, new TlsFacts("TLSv1.3", "TLS_AES_256_GCM_SHA384", 256, List.of(), Trust.ANONYMOUS, ""));

    @TempDir
    private Path directory;

    private Logins logins;

    @BeforeEach
    void users() throws IOException {
        Path file = Files.writeString(directory.resolve("users"), "you@example.com|{PLAIN}x\n");
        Users users = Users.open(file, InstantSource.system(), MailLog.none());
        logins = new Logins(
                        users,
                        Logins.Guarded.alone(MainCf.of(directory, Map.of()), InstantSource.system()),
                        Runnable::run)
                .with(new Elsewhere(null, BearerExchangeTest::owner));
    }

    private static String owner(String token) throws IOException {
        return switch (token) {
            case "good" -> "you@example.com";
            case "strange" -> "stranger@example.com";
            case "away" -> throw new IOException("the provider answers 503");
            default -> "";
        };
    }

    private Authenticator.Exchange begin(String mechanism) {
        return Objects.requireNonNull(logins.begin(mechanism, TLS));
    }

    private static byte[] bytes(String text) {
        return text.replace('^', '\1').getBytes(StandardCharsets.UTF_8);
    }

    private Step bearer(String message) {
        return begin("OAUTHBEARER").next(bytes(message));
    }

    private static String challenge(Step step) {
        return step instanceof Step.Challenge(byte[] text) ? new String(text, StandardCharsets.UTF_8) : step.toString();
    }

    @Test
    void tokensAreTakenUnderTlsOnly() {
        assertThat(logins.mechanisms(TLS)).contains("PLAIN", "OAUTHBEARER", "XOAUTH2");
        assertThat(logins.mechanisms(CLEAR)).contains("PLAIN").doesNotContain("OAUTHBEARER", "XOAUTH2");
        assertThat(logins.begin("OAUTHBEARER", CLEAR)).isNull();
        assertThat(logins.with(Elsewhere.NOBODY).mechanisms(TLS)).doesNotContain("OAUTHBEARER", "XOAUTH2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "n,a=you@example.com,^host=mail.example.com^port=587^auth=Bearer good^^",
                "n,a=You@Example.com,^auth=bearer good^^",
                "n,,^auth=Bearer good^^",
                "y,a=you@example.com,^auth=Bearer good^^"
            })
    void aGoodTokenLogsIn(String message) {
        assertThat(bearer(message))
                .isInstanceOfSatisfying(
                        Step.Success.class,
                        success -> assertThat(success.login().account()).isEqualTo("you@example.com"));
    }

    @Test
    void theMessageMayComeAfterAnEmptyChallenge() {
        Authenticator.Exchange exchange = begin("XOAUTH2");
        assertThat(challenge(exchange.next(null))).isEmpty();
        assertThat(exchange.next(bytes("user=you@example.com^auth=Bearer good^^")))
                .isInstanceOf(Step.Success.class);
    }

    /// RFC 7628 §3.2.3: the client hears why, answers `AQ==`, and then hears no.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "n,a=you@example.com,^auth=Bearer bad^^",
                "n,a=you@example.com,^auth=^^",
                "n,a=you@example.com,^auth=Basic good^^",
                "n,a=you@example.com,^^",
                "n,a=me@example.com,^auth=Bearer good^^",
                "n,a=stranger@example.com,^auth=Bearer strange^^"
            })
    void aRefusedTokenHasAnErrorFirst(String message) {
        Authenticator.Exchange exchange = begin("OAUTHBEARER");
        assertThat(challenge(exchange.next(bytes(message))))
                .isEqualTo("{\"status\":\"invalid_token\",\"schemes\":\"bearer\"}");
        assertThat(exchange.next(bytes("^"))).isInstanceOfSatisfying(Step.Failure.class, failure -> {
            assertThat(failure.temporary()).isFalse();
            assertThat(failure.malformed()).isFalse();
            assertThat(failure.delay()).isPositive();
        });
    }

    @Test
    void xoauth2HasItsOwnError() {
        Authenticator.Exchange exchange = begin("XOAUTH2");
        assertThat(challenge(exchange.next(bytes("user=you@example.com^auth=Bearer bad^^"))))
                .isEqualTo("{\"status\":\"401\",\"schemes\":\"bearer\",\"scope\":\"mail\"}");
        assertThat(exchange.next(new byte[0])).isInstanceOf(Step.Failure.class);
    }

    @Test
    void aProviderThatIsAwayIsATemporaryFailure() {
        assertThat(bearer("n,a=you@example.com,^auth=Bearer away^^"))
                .isInstanceOfSatisfying(
                        Step.Failure.class,
                        failure -> assertThat(failure.temporary()).isTrue());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "^^",
                "n,a=you@example.com,^auth=Bearer good",
                "p=tls-unique,a=you@example.com,^auth=Bearer good^^",
                "n,a=you=example.com,^auth=Bearer good^^",
                "n,a=you@example.com^auth=Bearer good^^",
                "n,,^good^^",
                "user=you@example.com^auth=Bearer good^^"
            })
    void whatBreaksTheGrammarIsMalformed(String message) {
        assertThat(bearer(message))
                .isInstanceOfSatisfying(
                        Step.Failure.class,
                        failure -> assertThat(failure.malformed()).isTrue());
    }

    @Test
    void aLongTokenFits() {
        assertThat(challenge(bearer("n,a=you@example.com,^auth=Bearer " + "x".repeat(8000) + "^^")))
                .contains("invalid_token");
        assertThat(bearer("n,a=you@example.com,^auth=Bearer " + "x".repeat(10_000) + "^^"))
                .isInstanceOf(Step.Failure.class);
    }

    @Test
    void nothingPrintsAToken() {
        assertThat(String.valueOf(BearerToken.xoauth2("user=a\1auth=Bearer secret\1\1")))
                .doesNotContain("secret");
    }
}
