package postern.sasl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.ongres.scram.common.ScramFunctions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.config.ConfigException;
import postern.config.MainCf;
import postern.log.MailLog;
import postern.net.Fingerprint;
import postern.net.SelfSigned;
import postern.net.TlsFacts;
import postern.net.Trust;
import postern.sasl.Authenticator.Step;

/// Keys for SCRAM that are learned, app passwords, certificates, and the channel that a login is bound to.
class LoginKeysTest {
    private static final byte[] BINDING = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final String CRYPT =
            "{SHA512-CRYPT}$6$abcdefgh$Ju5r/W31jqNNCC54G5xTAPgcLa.m/tRFkt0Oyg4W0Xlddy64vG0C08Fp8TNWMztpBmbkI.J5TundkZhcbBi831";
    private static final String PASSWORD = "Gr\u00fc\u00dfe pass";
    private static final SelfSigned CERTIFICATE =
            SelfSigned.of(List.of("laptop"), Instant.now().minusSeconds(3600), Duration.ofDays(1));

    @TempDir
    private Path directory;

    private final Map<String, String> settings = new HashMap<>();
    private final List<String> log = new ArrayList<>();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    private Path learnedFile() {
        return directory.resolve("scram-keys");
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private Logins logins(String users) throws IOException {
        return logins(users, Runnable::run);
    }

    private Logins logins(String users, Executor pool) throws IOException {
        settings.put("postern_sasl_users", file("users", users).toString());
        MainCf conf = MainCf.of(directory, settings);
        LoginGuard guard = new LoginGuard(() -> now, Bans.inMemory(() -> now), MailLog.none());
        LearnedKeys learned =
                new LearnedKeys(learnedFile(), Runnable::run, (service, text) -> log.add(service + ": " + text));
        return new Logins(
                Users.open(conf, guard, () -> now, MailLog.none()),
                Logins.Guarded.of(conf, guard, GuardRules.of(conf, address -> false, login -> false), learned),
                pool);
    }

    private static Authenticator.Peer clear() {
        return new Authenticator.Peer(null, null);
    }

    private static Authenticator.Peer tls() {
        return new Authenticator.Peer(
                null,
                new TlsFacts(
                        "TLSv1.3",
                        "TLS_AES_256_GCM_SHA384",
                        256,
                        List.of(CERTIFICATE.identity().chain().getFirst()),
                        Trust.UNTRUSTED,
                        "",
                        Map.of(TlsFacts.EXPORTER, BINDING)));
    }

    private static Step plain(Logins logins, Authenticator.Peer client, String login, String password) {
        return Objects.requireNonNull(logins.begin("PLAIN", client))
                .next(("\0" + login + "\0" + password).getBytes(StandardCharsets.UTF_8));
    }

    /// A client of SCRAM, bound to the channel or not.
    private static Step scram(
            Logins logins, Authenticator.Peer client, String header, byte[] binding, String login, String password) {
        boolean binds = header.startsWith("p=");
        Authenticator.Exchange exchange =
                Objects.requireNonNull(logins.begin(binds ? "SCRAM-SHA-256-PLUS" : "SCRAM-SHA-256", client));
        String bare = "n=" + login + ",r=nonce";
        Step first = exchange.next((header + bare).getBytes(StandardCharsets.UTF_8));
        if (!(first instanceof Step.Challenge(byte[] bytes))) {
            return first;
        }
        String serverFirst = new String(bytes, StandardCharsets.UTF_8);
        String[] parts = serverFirst.split(",", -1);
        byte[] salt = Base64.getDecoder().decode(parts[1].substring(2));
        byte[] salted = Pbkdf2Password.derive("SHA256", password, salt, Integer.parseInt(parts[2].substring(2)), 32);
        byte[] head = header.getBytes(StandardCharsets.UTF_8);
        byte[] channel = java.util.Arrays.copyOf(head, head.length + binding.length);
        System.arraycopy(binding, 0, channel, head.length, binding.length);
        String last = "c=" + Base64.getEncoder().encodeToString(channel) + "," + parts[0];
        byte[] key = ScramFunctions.clientKey(ScramKeys.MECHANISM, salted);
        byte[] signature = ScramFunctions.clientSignature(
                ScramKeys.MECHANISM,
                ScramFunctions.storedKey(ScramKeys.MECHANISM, key),
                bare + "," + serverFirst + "," + last);
        byte[] proof = ScramFunctions.clientProof(key, signature);
        return exchange.next(
                (last + ",p=" + Base64.getEncoder().encodeToString(proof)).getBytes(StandardCharsets.UTF_8));
    }

    private static Login login(Step step) {
        return ((Step.Success) step).login();
    }

    @Test
    void loginUnderTlsMakesTheKeysThatLack() throws IOException {
        settings.put("postern_sasl_scram_learn", "yes");
        String users = "you@example.com|" + CRYPT + "\nalias@example.com|" + CRYPT + "|you@example.com\n";
        Logins logins = logins(users);

        plain(logins, clear(), "you@example.com", PASSWORD);
        plain(logins, tls(), "you@example.com", "wrong");
        assertThat(logins.mechanisms(clear())).containsExactly("PLAIN", "LOGIN");
        plain(logins, tls(), "alias@example.com", PASSWORD);
        assertThat(logins.mechanisms(clear())).containsExactly("SCRAM-SHA-256", "PLAIN", "LOGIN");
        assertThat(login(scram(logins, clear(), "n,,", new byte[0], "you@example.com", PASSWORD)))
                .isEqualTo(Login.of("you@example.com"));
        assertThat(scram(logins, clear(), "n,,", new byte[0], "you@example.com", "wrong"))
                .isInstanceOf(Step.Failure.class);

        assertThat(Files.readString(learnedFile()))
                .startsWith("you@example.com|")
                .doesNotContain("$6$");
        assertThat(logins(users).mechanisms(clear())).as("after a restart").contains("SCRAM-SHA-256");
        assertThat(logins(users.replace("$6$abcdefgh$J", "$6$abcdefgh$K")).mechanisms(clear()))
                .as("another password")
                .containsExactly("PLAIN", "LOGIN");
        file("scram-keys", "nonsense\na|b|1,2,3,4\n");
        assertThat(logins(users).mechanisms(clear())).containsExactly("PLAIN", "LOGIN");
        assertThat(log).hasSize(2);
    }

    @Test
    void nothingIsLearnedUnasked() throws IOException {
        Logins logins = logins("you@example.com|" + CRYPT + "\n");
        plain(logins, tls(), "you@example.com", PASSWORD);

        assertThat(learnedFile()).doesNotExist();
    }

    @Test
    void masterUsersCountAmongThoseWhoNeedKeys() throws IOException {
        settings.put("postern_sasl_scram_learn", "yes");
        settings.put(
                "postern_sasl_masters", file("masters", "admin|" + CRYPT + "\n").toString());
        Logins logins = logins("you@example.com|{PLAIN}x\n");

        assertThat(logins.mechanisms(clear())).containsExactly("PLAIN", "LOGIN");
        plain(logins, tls(), "you@example.com*admin", PASSWORD);
        assertThat(logins.mechanisms(clear())).contains("SCRAM-SHA-256");
        assertThat(login(scram(logins, clear(), "n,,", new byte[0], "you@example.com*admin", PASSWORD))
                        .by())
                .isEqualTo("master=<admin>");
    }

    @Test
    void appPasswordLetsOneProgramIn() throws IOException {
        String phone = StoredPasswords.scram("abcd-efgh", null);
        String laptop = StoredPasswords.scram("ijkl-mnop", phone);
        settings.put(
                "postern_sasl_app_passwords",
                file("apps", "# devices\nyou@example.com|phone|" + phone + "\nYou@example.com|laptop|" + laptop + "\n")
                        .toString());
        settings.put("postern_sasl_scram_learn", "yes");
        Logins logins = logins("you@example.com|" + CRYPT + "\nother@example.com|{PLAIN}x\n");

        assertThat(login(plain(logins, clear(), "you@example.com", "ijkl-mnop")).note())
                .isEqualTo(" (app=<laptop>)");
        assertThat(login(plain(logins, tls(), "you@example.com", PASSWORD)).by())
                .isEmpty();
        assertThat(plain(logins, clear(), "other@example.com", "ijkl-mnop")).isInstanceOf(Step.Failure.class);
        assertThat(logins.mechanisms(clear())).contains("SCRAM-SHA-256");
        for (String password : List.of("abcd-efgh", "ijkl-mnop", PASSWORD)) {
            assertThat(scram(logins, clear(), "n,,", new byte[0], "you@example.com", password))
                    .as(password)
                    .isInstanceOf(Step.Success.class);
        }
        assertThat(scram(logins, clear(), "n,,", new byte[0], "you@example.com", "other"))
                .isInstanceOf(Step.Failure.class);
    }

    @Test
    void scramIsNotOfferedWhereAnAppPasswordWouldFail() throws IOException {
        settings.put(
                "postern_sasl_app_passwords",
                file("apps", "you@example.com|phone|" + StoredPasswords.scram("abcd", null) + "\n")
                        .toString());

        assertThat(logins("you@example.com|{PLAIN}x\n").mechanisms(clear())).containsExactly("PLAIN", "LOGIN");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "you@example.com",
                "you@example.com|phone",
                "you@example.com|a b|{PLAIN}x",
                "|phone|{PLAIN}x",
                "you@example.com|phone|{NTLM}x",
                "you@example.com|phone|{PLAIN}x|more"
            })
    void namesTheLineOfAnAppPasswordThatCannotBeRead(String line) throws IOException {
        settings.put(
                "postern_sasl_app_passwords", file("apps", "\n" + line + "\n").toString());

        assertThatThrownBy(() -> logins("you@example.com|{PLAIN}x\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("apps:2: ");
    }

    @Test
    void certificateLogsInAsItsAccount() throws IOException {
        String fingerprint =
                Fingerprint.ofCertificate(CERTIFICATE.identity().chain().getFirst(), "sha256");
        settings.put(
                "postern_sasl_certificates",
                file("certificates", "you@example.com|" + fingerprint + "\n").toString());
        Logins logins = logins("you@example.com|" + CRYPT + "\nalias@example.com|" + CRYPT
                + "|you@example.com\nother@example.com|{PLAIN}x\n");

        assertThat(logins.mechanisms(clear())).doesNotContain("EXTERNAL");
        assertThat(logins.begin("EXTERNAL", clear())).isNull();
        assertThat(logins.mechanisms(tls())).contains("EXTERNAL");
        assertThat(external(logins, ""))
                .isInstanceOfSatisfying(
                        Step.Success.class,
                        success -> assertThat(success.login())
                                .isEqualTo(new Login("you@example.com", "you@example.com", "certificate")));
        assertThat(external(logins, "Alias@example.com")).isInstanceOf(Step.Success.class);
        assertThat(external(logins, "other@example.com")).isInstanceOf(Step.Failure.class);
        assertThat(external(logins, "nobody@example.com")).isInstanceOf(Step.Failure.class);
        settings.put(
                "postern_sasl_certificates",
                file("certificates", "you@example.com|" + fingerprint.replace("A", "B") + "\n")
                        .toString());
        assertThat(logins("you@example.com|{PLAIN}x\n").mechanisms(tls())).doesNotContain("EXTERNAL");
    }

    private static Step external(Logins logins, String authzid) {
        return Objects.requireNonNull(logins.begin("EXTERNAL", tls())).next(authzid.getBytes(StandardCharsets.UTF_8));
    }

    /// RFC 5802 §6, RFC 9266.
    @Test
    void loginIsBoundToTheConnection() throws IOException {
        Logins logins = logins("you@example.com|{PLAIN}secret\n");
        byte[] elsewhere = BINDING.clone();
        elsewhere[0]++;

        assertThat(logins.mechanisms(tls())).startsWith("SCRAM-SHA-256-PLUS", "SCRAM-SHA-256");
        assertThat(logins.begin("SCRAM-SHA-256-PLUS", clear())).isNull();
        assertThat(scram(logins, tls(), "p=tls-exporter,,", BINDING, "you@example.com", "secret"))
                .isInstanceOf(Step.Success.class);
        assertMalformed(scram(logins, tls(), "p=tls-exporter,,", elsewhere, "you@example.com", "secret"));
        assertMalformed(scram(logins, tls(), "p=tls-unique,,", BINDING, "you@example.com", "secret"));
        assertThat(scram(logins, tls(), "n,,", new byte[0], "you@example.com", "secret"))
                .isInstanceOf(Step.Success.class);
        assertMalformed(scram(logins, tls(), "y,,", new byte[0], "you@example.com", "secret"));
        assertThat(scram(logins, clear(), "y,,", new byte[0], "you@example.com", "secret"))
                .isInstanceOf(Step.Success.class);
    }

    private static void assertMalformed(Step step) {
        assertThat(step)
                .isInstanceOfSatisfying(
                        Step.Failure.class,
                        failure -> assertThat(failure.malformed()).isTrue());
    }

    @Test
    void passwordThatHasWaitedTooLongIsNotCheckedAnyMore() throws IOException {
        Logins logins = logins("you@example.com|{PLAIN}secret\n", work -> {
            now = now.plusSeconds(11);
            work.run();
        });

        assertThat(plain(logins, clear(), "you@example.com", "secret"))
                .isInstanceOfSatisfying(Step.Failure.class, failure -> {
                    assertThat(failure.temporary()).isTrue();
                    assertThat(failure.reason()).isEqualTo("too many logins at once");
                });
    }
}
