package postern;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import postern.net.SelfSigned;

/// What the program says on the command line: to somebody who looks round, and to somebody who is wrong.
class CommandLineTest {
    @TempDir
    private Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void theGuidesFiles() throws IOException {
        for (String name : List.of("main.cf", "transport", "relay")) {
            Files.copy(Path.of("conf/public", name), directory.resolve(name));
        }
        SelfSigned certificate =
                SelfSigned.of(List.of("mail.example.com"), Instant.now().minusSeconds(60), Duration.ofDays(1));
        Path certificates = Files.createDirectory(directory.resolve("certificates"));
        Files.writeString(certificates.resolve("mail.example.com.crt"), certificate.certificatePem());
        Files.writeString(certificates.resolve("mail.example.com.key"), certificate.keyPem());
        set("queue_directory = " + directory.resolve("spool"));
        set("maillog_file =");
    }

    private void set(String setting) throws IOException {
        Path file = directory.resolve("main.cf");
        Files.writeString(file, Files.readString(file) + setting + "\n");
    }

    private int run(String verb, String... words) {
        List<String> all = new ArrayList<>(List.of(verb, "-c", directory.toString()));
        all.addAll(List.of(words));
        return postern(all.toArray(String[]::new));
    }

    private int postern(String... words) {
        return Postern.run(
                words,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private String said() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String complained() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theGuidesFilesWouldStartAndCheckMakesNoQueue() {
        assertThat(run("check")).isZero();
        assertThat(said())
                .contains("smtpd: who may send as whom: clients in mynetworks")
                .endsWith("0 messages can be read, 0 cannot\n");
        assertThat(directory.resolve("spool")).doesNotExist();
    }

    /// Each is a start that would be refused: `check` refuses too, in the same words.
    @Test
    void checkRefusesWhatAStartRefuses() throws IOException {
        checkRefuses("transport_maps = hash:/etc/postfix/nope", "transport_maps: open " + directory + "/nope: No such");
        checkRefuses("transport_maps = hsah:/etc/postfix/transport", "transport_maps: unsupported table type \"hsah\"");
        checkRefuses("mynetworks = 192.168.2.1/24", "perhaps you should use \"192.168.2.0/24\" instead");
        checkRefuses(
                "smtpd_recipient_restrictions = reject_unauth_destnation",
                "unknown smtpd restriction: \"reject_unauth_destnation\" (is reject_unauth_destination meant?)");
        checkRefuses("smtpd_relay_restrictions = permit_mynetworks", "specify at least one working instance of");
        checkRefuses(
                "postern_sasl_users = /etc/postfix/users",
                "postern_sasl_users: cannot read " + directory + "/users: no such file");
        checkRefuses("smtpd_tls_security_level = maybe", "\"maybe\" is not empty or encrypt or may or none");
        checkRefuses(
                "smtpd_tls_key_file = /etc/postfix/certificates/mail.example.com.crt",
                "smtpd_tls_cert_file: " + directory + "/certificates/mail.example.com.crt: no private key");
        Files.writeString(directory.resolve("other.key"), "");
        checkRefuses(
                "smtpd_tls_key_file = /etc/postfix/other.key",
                "smtpd_tls_key_file: " + directory + "/other.key: no private key");
        Files.delete(directory.resolve("certificates/mail.example.com.crt"));
        checkRefuses("", "mail.example.com.crt: no such file; a PEM file belongs there");
    }

    private void checkRefuses(String setting, String because) throws IOException {
        String before = Files.readString(directory.resolve("main.cf"));
        set(setting);
        err.reset();
        assertThat(run("check")).as(setting).isEqualTo(78);
        assertThat(complained()).as(setting).contains("main.cf:").contains(because);
        Files.writeString(directory.resolve("main.cf"), before);
    }

    @Test
    void checkWarnsOfWhatAStartWarnsOf() throws IOException {
        set("smtpd_sasl_auth_enable = yes");
        Files.writeString(directory.resolve("master.cf"), "foo unix - n n - - pipe\n  user=foo argv=/bin/foo\n");
        assertThat(run("check")).isZero();
        assertThat(said())
                .contains("warning: master.cf:1: foo unix (pipe) is not here: the line has no effect")
                .contains("warning: master.cf: no inet service runs smtpd or postscreen: nothing listens");
        Files.writeString(directory.resolve("master.cf"), "smtp inet n - y - - smtpd\n");
        assertThat(run("check")).isZero();
        assertThat(said()).contains("smtpd_sasl_auth_enable = yes: nobody can log in until postern_sasl_users names");
    }

    @Test
    void checkWarnsOfAProxiedNextHopThatNoRouteNames() throws IOException {
        set("postern_relay_proxy = 192.168.2.3");
        assertThat(run("check")).isZero();
        assertThat(said())
                .contains("main.cf:")
                .contains(
                        ": postern_relay_proxy: no mail goes to \"192.168.2.3\" as it is written here: \"[192.168.2.3]:25\"");
    }

    @Test
    void aPortThatThereIsNotIsRefused() {
        for (String wrong : List.of("x", "-5", "", "123456")) {
            err.reset();
            assertThat(run("public", "--port-offset", wrong)).as(wrong).isEqualTo(64);
            assertThat(complained())
                    .contains("--port-offset wants a number such as 10000, not \"" + wrong + "\"; usage: ");
        }
        assertThat(run("public", "--port-offset", "70000")).isEqualTo(78);
        assertThat(complained()).contains("--port-offset 70000: port 25 would be 70025, and ports end at 65535");
    }

    @Test
    void whatTheSystemRefusesIsNamedInWords() throws IOException {
        Files.writeString(directory.resolve("file"), "");
        set("queue_directory = " + directory.resolve("file"));
        assertThat(run("public", "--port-offset", "30000")).isEqualTo(71);
        assertThat(complained()).containsPattern("postern: \\S+file\\S*: \\S+");
    }

    @Test
    void eachVerbHasHelp() {
        assertThat(postern("public", "--help")).isZero();
        assertThat(said()).isEqualTo("usage: postern public -c DIR [--port-offset N]: run the public server\n");
    }

    @Test
    void eachVerbCanBeAskedFor() {
        assertThat(postern("help", "mailq")).isZero();
        assertThat(said()).startsWith("usage: postern mailq -c DIR [-j] [ID ...]: ");
        out.reset();
        assertThat(postern("cat", "-h")).isZero();
        assertThat(said()).startsWith("usage: postern cat");
        assertThat(run("cat", "-h", "4FoOBar")).as("-h is the header here").isNotZero();
        assertThat(said()).hasLineCount(1);
        assertThat(postern("help", "frobnicate")).isEqualTo(64);
        assertThat(complained()).contains("there is no verb \"frobnicate\"");
    }

    @Test
    void whatIsTooMuchIsNamed() {
        for (String verb : List.of("mailq", "flush", "hold", "cat", "postconf")) {
            err.reset();
            assertThat(run(verb, "--stat")).as(verb).isEqualTo(64);
            assertThat(complained()).startsWith("postern: \"--stat\" is no option here; usage: postern " + verb);
        }
        assertThat(run("status", "mailq")).isEqualTo(64);
        err.reset();
        assertThat(run("public", "--prot-offset", "1")).isEqualTo(64);
        assertThat(complained()).startsWith("postern: \"--prot-offset\" is not understood; usage: postern public");
    }

    @Test
    void theOtherRolesDirectoryIsNamed() throws IOException {
        Path volume = Files.createDirectory(directory.resolve("volume"));
        Files.writeString(volume.resolve("postfix-accounts.cf"), "");
        err.reset();
        assertThat(postern("public", "-c", volume.toString())).isEqualTo(78);
        assertThat(complained())
                .isEqualTo("postern: " + volume + " is docker-mailserver's config volume: postern private -c " + volume
                        + "\n");
        err.reset();
        assertThat(run("private", "--mail", volume.toString(), "--state", volume.toString()))
                .isEqualTo(78);
        assertThat(complained())
                .isEqualTo("postern: " + directory + " is a Postfix directory: postern public -c " + directory + "\n");
    }

    @Test
    void whatIsNotThereIsSaid() {
        assertThat(postern("private", "-c", "x")).isEqualTo(64);
        assertThat(complained()).contains("/x is not a directory; usage: postern private -c CONFIG");
        err.reset();
        assertThat(postern("frobnicate")).isEqualTo(64);
        assertThat(complained()).startsWith("postern: there is no verb \"frobnicate\"\nusage: ");
    }

    /// The columns of the list of verbs do not run into each other.
    @Test
    void theListOfVerbsIsAligned() {
        assertThat(postern()).isZero();
        assertThat(said().lines().skip(3)).allMatch(line -> line.matches("  \\S.{38}  \\S.*"));
    }
}
