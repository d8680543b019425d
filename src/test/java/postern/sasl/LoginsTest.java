package postern.sasl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.config.MainCf;
import postern.log.MailLog;
import postern.sasl.Authenticator.Exchange;
import postern.sasl.Authenticator.Step;

class LoginsTest {
    private static final Authenticator.Peer CLIENT = peer("192.0.2.1");
    private static final String USERS = """
            home@example.com|{SHA512-CRYPT}$6$abcdefgh$Ju5r/W31jqNNCC54G5xTAPgcLa.m/tRFkt0Oyg4W0Xlddy64vG0C08Fp8TNWMztpBmbkI.J5TundkZhcbBi831
            """;

    @TempDir
    Path directory;

    @Test
    void offersWhatSomeLoginCouldSucceedWith() throws IOException {
        assertThat(logins("").mechanisms(CLIENT)).isEmpty();
        assertThat(logins(USERS).mechanisms(CLIENT)).containsExactly("PLAIN", "LOGIN");
        assertThat(logins(USERS + "b|{PLAIN}x\n").mechanisms(CLIENT))
                .as("somebody has no keys")
                .containsExactly("PLAIN", "LOGIN");
        assertThat(logins("a|{PLAIN}y\nb|{PLAIN}x\n").mechanisms(CLIENT))
                .containsExactly("SCRAM-SHA-256", "PLAIN", "LOGIN");
        assertThat(logins(USERS + "b|{PLAIN}x\n", Map.of("postern_sasl_scram", "yes"))
                        .mechanisms(CLIENT))
                .containsExactly("SCRAM-SHA-256", "PLAIN", "LOGIN");
        assertThat(logins("b|{PLAIN}x\n", Map.of("postern_sasl_scram", "no")).mechanisms(CLIENT))
                .containsExactly("PLAIN", "LOGIN");
        assertThat(logins(USERS).begin("SCRAM-SHA-256", CLIENT)).isNull();
        assertThat(logins(USERS).begin("CRAM-MD5", CLIENT)).isNull();
        assertThat(logins("").begin("PLAIN", CLIENT)).isNull();
    }

    @Test
    void acceptsPlainWithOrWithoutAnInitialResponse() throws IOException {
        assertThat(plain(logins(USERS), "\0home@example.com\0Grüße pass")).isInstanceOf(Step.Success.class);

        Exchange exchange = begin(logins(USERS), "plain");
        assertThat(exchange.next(null))
                .isInstanceOfSatisfying(
                        Step.Challenge.class, asked -> assertThat(asked.bytes()).isEmpty());
        Step end = exchange.next(bytes("Home@Example.Com\0HOME@example.com\0Grüße pass"));
        assertThat(end)
                .isInstanceOfSatisfying(
                        Step.Success.class,
                        success -> assertThat(success.login()).isEqualTo(Login.of("home@example.com")));
    }

    @Test
    void takesAPasswordTypedInAnotherNormalForm() throws IOException {
        assertThat(plain(logins(USERS), "\0home@example.com\0Gru\u0308ße pass")).isInstanceOf(Step.Success.class);
    }

    @Test
    void asksForLoginAndPasswordInTurn() throws IOException {
        Exchange exchange = begin(logins(USERS), "LOGIN");

        assertThat(text(exchange.next(null))).isEqualTo("Username:");
        assertThat(text(exchange.next(bytes("home@example.com")))).isEqualTo("Password:");
        assertThat(exchange.next(bytes("Grüße pass"))).isInstanceOf(Step.Success.class);
    }

    @Test
    void refusesAWrongPasswordAndAnUnknownLoginAlike() throws IOException {
        Logins logins = logins(USERS);
        Step wrong = plain(logins, "\0home@example.com\0wrong");
        Step unknown = plain(logins(USERS), "\0nobody@example.com\0Grüße pass");

        assertThat(wrong).isEqualTo(unknown);
        assertThat(wrong).isInstanceOfSatisfying(Step.Failure.class, failure -> {
            assertThat(failure.temporary()).isFalse();
            assertThat(failure.malformed()).isFalse();
            assertThat(failure.delay()).isPositive();
        });
    }

    @Test
    void anotherNameOfAnAccountLogsInAsThatAccount() throws IOException {
        Logins logins = logins("alias@example.com|{PLAIN}x|You@example.com\nyou@example.com|{PLAIN}x\n");

        assertThat(plain(logins, "\0Alias@example.com\0x"))
                .isInstanceOfSatisfying(
                        Step.Success.class,
                        success -> assertThat(success.login())
                                .isEqualTo(new Login("alias@example.com", "you@example.com", "")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\0you@example.com*admin\0m",
                "\0YOU@example.com*Admin\0m",
                "you@example.com\0admin\0m",
                "you@example.com\0you@example.com*admin\0m"
            })
    void masterUserLogsInAsAnybody(String message) throws IOException {
        assertThat(plain(withMaster(), message)).isInstanceOfSatisfying(Step.Success.class, success -> {
            assertThat(success.login()).isEqualTo(new Login("you@example.com", "you@example.com", "master=<admin>"));
            assertThat(success.login().note()).isEqualTo(" (master=<admin>)");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\0you@example.com*admin\0x",
                "\0you@example.com\0m",
                "\0admin\0m",
                "\0nobody@example.com*admin\0m",
                "\0you@example.com*you@example.com\0x",
                "other@example.com\0you@example.com\0x",
                "\0*admin\0m",
                "\0you@example.com*\0m"
            })
    void nobodyElseDoes(String message) throws IOException {
        assertThat(plain(withMaster(), message))
                .isInstanceOfSatisfying(
                        Step.Failure.class,
                        failure -> assertThat(failure.malformed()).isFalse());
    }

    @Test
    void masterUserActsForOneLoginAtATime() throws IOException {
        assertMalformed(plain(withMaster(), "other@example.com\0you@example.com*admin\0m"));
    }

    private Logins withMaster() throws IOException {
        Path users =
                Files.writeString(directory.resolve("users"), "you@example.com|{PLAIN}x\nother@example.com|{PLAIN}y\n");
        Path masters = Files.writeString(directory.resolve("masters"), "admin|{PLAIN}m\n");
        Map<String, String> settings =
                Map.of("postern_sasl_users", users.toString(), "postern_sasl_masters", masters.toString());
        MainCf conf = MainCf.of(directory, settings);
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        return new Logins(
                Users.open(conf, guarded(conf).guard(), () -> now, MailLog.none()), guarded(conf), Runnable::run);
    }

    /// Login names are keys of a map and of nothing else: no pattern, path or query comes of them.
    @ParameterizedTest
    @ValueSource(strings = {"*)(uid=*", "' or 1=1--", "%u", "../users", "home@example.com|", "*", "\u00ff\u00fe"})
    void takesAHostileLoginForAnUnknownOne(String login) throws IOException {
        assertThat(plain(logins(USERS), "\0" + login + "\0Grüße pass"))
                .isInstanceOfSatisfying(
                        Step.Failure.class,
                        failure -> assertThat(failure.malformed()).isFalse());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "home@example.com",
                "\0home@example.com",
                "\0home@example.com\0",
                "\0\0Grüße pass",
                "\0home@example.com\0Grüße pass\0",
                "other@example.com\0home@example.com\0Grüße pass",
                "\0home@example.com\0Grüße\0pass"
            })
    void callsABrokenPlainMessageMalformed(String message) throws IOException {
        assertThat(plain(logins(USERS), message))
                .isInstanceOfSatisfying(
                        Step.Failure.class,
                        failure -> assertThat(failure.malformed()).isTrue());
    }

    @Test
    void callsAnOversizedOrUndecodableMessageMalformed() throws IOException {
        Logins logins = logins(USERS);
        assertMalformed(plain(logins, "\0home@example.com\0" + "x".repeat(1025)));
        assertMalformed(plain(logins, "\0" + "x".repeat(100_000) + "\0y"));
        assertMalformed(begin(logins, "PLAIN").next(new byte[] {0, (byte) 0xff, 0, 'x'}));
        assertMalformed(begin(logins, "LOGIN").next(new byte[0]));
        assertMalformed(begin(logins, "LOGIN").next(new byte[] {'a', 0, 'b'}));
    }

    @Test
    void tellsABannedClientToComeAgainWithoutCheckingAnything() throws IOException {
        Logins logins = logins(USERS);
        for (int i = 0; i < 10; i++) {
            plain(logins, "\0home@example.com\0guess" + i);
        }

        assertTemporary(plain(logins, "\0home@example.com\0Grüße pass"));
        assertThat(begin(logins, "PLAIN", peer("198.51.100.7")).next(bytes("\0home@example.com\0Grüße pass")))
                .isInstanceOf(Step.Success.class);
    }

    @Test
    void tellsTheClientToComeAgainWhenThePoolIsFull() throws IOException {
        Logins logins = logins(USERS, work -> {
            throw new RejectedExecutionException();
        });

        for (int i = 0; i < 10; i++) {
            assertTemporary(plain(logins, "\0home@example.com\0Grüße pass"));
        }
    }

    private static Authenticator.Peer peer(String address) {
        return new Authenticator.Peer(InetAddress.ofLiteral(address), null);
    }

    private static void assertMalformed(Step step) {
        assertThat(step)
                .isInstanceOfSatisfying(
                        Step.Failure.class,
                        failure -> assertThat(failure.malformed()).isTrue());
    }

    private static void assertTemporary(Step step) {
        assertThat(step).isInstanceOfSatisfying(Step.Failure.class, failure -> {
            assertThat(failure.temporary()).isTrue();
            assertThat(failure.malformed()).isFalse();
        });
    }

    private Logins logins(String users) throws IOException {
        return logins(users, Runnable::run);
    }

    private Logins logins(String users, Executor pool) throws IOException {
        Path file = Files.writeString(directory.resolve("users"), users);
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        Users read = Users.open(file, () -> now, MailLog.none());
        return new Logins(read, guarded(MainCf.of(directory, Map.of())), pool);
    }

    private Logins logins(String users, Map<String, String> settings) throws IOException {
        Path file = Files.writeString(directory.resolve("users"), users);
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        return new Logins(
                Users.open(file, () -> now, MailLog.none()), guarded(MainCf.of(directory, settings)), Runnable::run);
    }

    private static Logins.Guarded guarded(MainCf conf) {
        return Logins.Guarded.alone(conf, () -> Instant.parse("2026-01-01T00:00:00Z"));
    }

    private static Exchange begin(Logins logins, String mechanism) {
        return begin(logins, mechanism, CLIENT);
    }

    private static Exchange begin(Logins logins, String mechanism, Authenticator.Peer client) {
        return java.util.Objects.requireNonNull(logins.begin(mechanism, client));
    }

    private static Step plain(Logins logins, String message) {
        return begin(logins, "PLAIN").next(bytes(message));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(Step step) {
        return new String(((Step.Challenge) step).bytes(), StandardCharsets.UTF_8);
    }
}
