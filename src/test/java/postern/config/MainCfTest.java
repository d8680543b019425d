package postern.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainCfTest {
    private static final Parameter<String> NAME = Parameter.text("mail_name", "Postfix");
    private static final Parameter<Duration> TIMEOUT = Parameter.time("smtpd_timeout", "${stress?{10}:{300}}s");
    private static final Parameter<List<String>> NETWORKS = Parameter.list("mynetworks", "");

    @TempDir
    Path directory;

    private MainCf load(String text) throws IOException {
        return load(text.getBytes(StandardCharsets.UTF_8));
    }

    private MainCf load(byte[] bytes) throws IOException {
        Files.write(directory.resolve("main.cf"), bytes);
        return MainCf.load(directory);
    }

    @Test
    void continuationLinesRunOverCommentsAndEmptyLines() throws IOException {
        MainCf main = load("mail_name = a\n\n   b\n#c\n  # d\n\te\nmail_owner=q\r\n");
        assertThat(main.get(NAME)).isEqualTo("a   b\te");
        assertThat(main.text("mail_owner")).isEqualTo("q");
        assertThat(main.warnings()).isEmpty();
    }

    @Test
    void theLaterOfTwoSettingsCountsAndAWarningNamesBoth() throws IOException {
        MainCf main = load("mail_name = a\nbiff = no\nmail_name = b\n");
        assertThat(main.get(NAME)).isEqualTo("b");
        assertThat(main.origin("mail_name")).isEqualTo("main.cf:3");
        assertThat(main.warnings()).containsExactly("main.cf:3: overriding earlier entry: mail_name = a (main.cf:1)");
    }

    @Test
    void anErrorNamesFileLineParameterAndWhatWouldBeRight() throws IOException {
        MainCf main = load("# c\n\nsmtpd_timeout =\n abc\n");
        assertThatThrownBy(() -> main.get(TIMEOUT))
                .isInstanceOf(ConfigException.class)
                .hasMessage("main.cf:3: smtpd_timeout: \"abc\" is not a time such as 300s, 5m or 5d");
    }

    @Test
    void brokenLinesAreNamed() {
        assertThatThrownBy(() -> load("biff = no\nmail_name\n")).hasMessageStartingWith("main.cf:2: missing '='");
        assertThatThrownBy(() -> load("mail name = x\n")).hasMessageStartingWith("main.cf:1: missing '='");
        assertThatThrownBy(() -> load("= x\n")).hasMessageStartingWith("main.cf:1: missing attribute name");
        assertThatThrownBy(() -> load("a = x\0y\n")).hasMessageStartingWith("main.cf:1: a NUL byte");
        assertThatThrownBy(() -> load(new byte[] {'a', '=', (byte) 0xFF}))
                .hasMessageStartingWith("main.cf:1: not UTF-8");
        assertThatThrownBy(() -> MainCf.load(directory.resolve("nowhere"))).hasMessageEndingWith("no such file");
    }

    @Test
    void oddButHarmlessLinesAreWarnedOf() throws IOException {
        MainCf main = load("\uFEFF# caf\u00E9\n  mail_name = b\nmail_owner = x\n");
        assertThat(main.names()).containsExactly("mail_owner");
        assertThat(main.warnings())
                .containsExactly(
                        "main.cf:1: a byte order mark is skipped",
                        "main.cf:2: logical line must not start with whitespace: \"mail_name = b\" is left out");
    }

    @Test
    void defaultsOfParametersThatAreNotSetExpandToo() throws IOException {
        MainCf main = load("compatibility_level = 3.6\nmyhostname = mail.example.com\n");
        assertThat(main.expand("$smtpd_banner")).isEqualTo("mail.example.com ESMTP Postfix");
        assertThat(main.expand("$mydomain")).isEqualTo("example.com");
        assertThat(main.expand("$mydestination")).isEqualTo("mail.example.com, localhost.example.com, localhost");
        assertThat(main.expand("$smtpd_relay_restrictions"))
                .isEqualTo("permit_mynetworks, permit_sasl_authenticated, defer_unauth_destination");
        assertThat(main.expand("$append_dot_mydomain")).isEqualTo("no");
        assertThat(main.expand("$config_directory")).isEqualTo(directory.toString());
    }

    @Test
    void stressIsASettingLikeAnyOther() {
        MainCf main = MainCf.of(directory, Map.of());
        assertThat(main.get(TIMEOUT)).isEqualTo(Duration.ofMinutes(5));
        assertThat(main.with(Map.of("stress", "yes"), "under stress").get(TIMEOUT))
                .isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void aTimeWithoutUnitHasThatOfItsDefault() {
        MainCf main = MainCf.of(directory, Map.of("maximal_queue_lifetime", "3", "smtpd_timeout", "20"));
        assertThat(main.get(Parameter.time("maximal_queue_lifetime", "5d"))).isEqualTo(Duration.ofDays(3));
        assertThat(main.get(TIMEOUT)).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void pathsUnderEtcPostfixMeanTheDirectory() {
        MainCf main = MainCf.of(directory, Map.of());
        assertThat(main.file("/etc/postfix/transport")).isEqualTo(directory.resolve("transport"));
        assertThat(main.file("/etc/postfix")).isEqualTo(directory);
        assertThat(main.file("/etc/postfixed/x")).isEqualTo(Path.of("/etc/postfixed/x"));
        assertThat(main.file("/etc/aliases")).isEqualTo(Path.of("/etc/aliases"));
        assertThat(main.file("relay")).isEqualTo(directory.resolve("relay"));
    }

    @Test
    void filesAmongTheMembersOfAMatchListAreRead() throws IOException {
        Files.writeString(directory.resolve("nets"), "# home\n192.0.2.0/25, !192.0.2.7\n!/etc/postfix/more\n");
        Files.writeString(directory.resolve("more"), "198.51.100.0/24\n");
        MainCf main = load("mynetworks = 127.0.0.0/8 !/etc/postfix/nets hash:/etc/postfix/x\n");
        assertThat(main.members(NETWORKS))
                .containsExactly("127.0.0.0/8", "!192.0.2.0/25", "192.0.2.7", "198.51.100.0/24", "hash:/etc/postfix/x");
    }

    @Test
    void aFileMemberThatIsMissingOrNamesItselfIsAnError() throws IOException {
        Files.writeString(directory.resolve("loop"), "/etc/postfix/loop\n");
        assertThatThrownBy(() -> load("mynetworks = /etc/postfix/none\n").members(NETWORKS))
                .hasMessage("main.cf:1: mynetworks: " + directory.resolve("none") + ": no such file");
        assertThatThrownBy(() -> load("mynetworks = /etc/postfix/loop\n").members(NETWORKS))
                .hasMessageContaining("names itself");
    }

    @Test
    void networksNamesTheSettingOfABadBlock() throws IOException {
        MainCf main = load("mynetworks = 127.0.0.0/8 192.0.2.1/24\n");
        assertThatThrownBy(() -> main.networks(NETWORKS))
                .hasMessage("main.cf:1: mynetworks: non-null host address bits in \"192.0.2.1/24\","
                        + " perhaps you should use \"192.0.2.0/24\" instead");
    }

    /// The files in conf/public are the text of docker-mailserver's guide to a relay on a public server;
    /// nobody adds a line to them to make a test pass.
    @Test
    void theGuidesFilesAreTheGuidesByteForByte() throws IOException, NoSuchAlgorithmException {
        Map<String, String> digests = Map.of(
                "main.cf", "c28e0adc874ae4deba305ba054e2ed2aebb2808b131a153968ff14c6354f8719",
                "relay", "c75a18921efd4c229d357d877b7b7ac72c0e5526787ef626579b3c122e309d98",
                "transport", "fc7ec529a57563fcdf4b783dc177b0089bf28b28929c78e6548be173ed7de122");
        for (Map.Entry<String, String> file : digests.entrySet()) {
            byte[] bytes = Files.readAllBytes(Path.of("conf/public", file.getKey()));
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            assertThat(HexFormat.of().formatHex(digest)).as(file.getKey()).isEqualTo(file.getValue());
        }
    }

    @Test
    void allThatIsWrongIsSaidAtOnce() throws IOException {
        MainCf main = load("smtpd_timeout = abc\nmyhostname = a b\ncompatibility_level = 3.x\nmydomain = [x]\n");
        List<Parameter<?>> all = new ArrayList<>(List.of(MainCf.COMPATIBILITY_LEVEL, MainCf.MYHOSTNAME));
        all.add(TIMEOUT);
        all.add(MainCf.MYDOMAIN);
        assertThatThrownBy(() -> main.readAll(all))
                .isInstanceOf(ConfigException.class)
                .hasMessage("""
                main.cf:3: compatibility_level: "3.x" is not a compatibility level such as 3.6
                main.cf:2: myhostname: "a b" is not a host name such as mail.example.com
                main.cf:1: smtpd_timeout: "abc" is not a time such as 300s, 5m or 5d
                main.cf:4: mydomain: "[x]" is not a domain such as example.com""");
    }

    @Test
    void theGuidesMainCfIsReadAsItStands() throws IOException {
        MainCf main = MainCf.load(Path.of("conf/public"));
        assertThat(main.warnings()).isEmpty();
        assertThat(main.names()).hasSize(27);
        assertThat(main.expand("$smtpd_banner")).isEqualTo("mail.example.com ESMTP Postfix (Debian/GNU)");
        assertThat(main.expand("$relay_domains")).isEqualTo("localhost, hash:/etc/postfix/relay");
        NetworkList trusted = main.networks(NETWORKS);
        assertThat(trusted.contains(InetAddress.ofLiteral("192.168.2.3"))).isTrue();
        assertThat(trusted.contains(InetAddress.ofLiteral("127.9.9.9"))).isTrue();
        assertThat(trusted.contains(InetAddress.ofLiteral("192.168.3.3"))).isFalse();
    }
}
