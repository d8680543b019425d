package postern.mailauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import postern.address.Address;
import postern.config.ConfigException;
import postern.log.MailLog;

class SigningTablesTest {
    private static final String RSA = DkimKeys.rsa(1024, "mail", "example.com").privatePem();
    private static final String ED = DkimKeys.ed25519("ed", "example.com").privatePem();

    /// What DMS writes.
    private static final String RSPAMD = """
            # documentation: https://rspamd.com/doc/modules/dkim_signing.html

            enabled = true;

            sign_authenticated = true;
            sign_local         = false;
            try_fallback       = false;

            use_domain         = "header";
            use_redis          = false; # don't change unless Redis also provides the DKIM keys
            use_esld           = true;
            allow_username_mismatch = true;

            check_pubkey = true; # you want to use this in the beginning

            domain {
                example.com {
                    path = "/tmp/docker-mailserver/rspamd/dkim/rsa-2048-mail-example.com.private.txt";
                    selector = "mail";
                }
                example.org {
                    selectors [
                        {
                            path = "/tmp/docker-mailserver/rspamd/dkim/rsa-2048-mail-example.com.private.txt";
                            selector = "rsa";
                        },
                        {
                            path = "/tmp/docker-mailserver/rspamd/dkim/ed25519-ed-example.org.private.txt";
                            selector = "ed";
                        }
                    ]
                }
            }
            """;

    @TempDir
    Path volume;

    private Instant now = Instant.ofEpochSecond(1_800_000_000);
    private final List<String> logged = new ArrayList<>();
    private final MailLog log = (service, text) -> logged.add(service + ": " + text);

    @BeforeEach
    void keys() throws IOException {
        write("opendkim/keys/example.com/mail.private", RSA);
        write("rspamd/dkim/rsa-2048-mail-example.com.private.txt", RSA);
        write("rspamd/dkim/ed25519-ed-example.org.private.txt", ED);
    }

    private void opendkim() throws IOException {
        write("opendkim/KeyTable", """
                mail._domainkey.example.com example.com:mail:/etc/opendkim/keys/example.com/mail.private
                """);
        write("opendkim/SigningTable", "*@example.com mail._domainkey.example.com\n");
        write("opendkim/TrustedHosts", "127.0.0.1\nlocalhost\n");
    }

    @Test
    void opendkimsTablesAsDmsWritesThem() throws IOException {
        opendkim();
        SigningTables tables = tables(true, false);

        assertThat(who(tables, "a@example.com")).containsExactly("s=mail, d=example.com");
        assertThat(who(tables, "A@EXAMPLE.com")).containsExactly("s=mail, d=example.com");
        assertThat(who(tables, "a@mail.example.com")).isEmpty();
        assertThat(who(tables, "a@notexample.com")).isEmpty();
        assertThat(tables.areThere()).isTrue();
    }

    @Test
    void theFirstPatternThatMatchesSigns() throws IOException {
        write("opendkim/KeyTable", """
                # two keys
                one   example.com:one:/etc/opendkim/keys/example.com/mail.private

                sub   example.com:sub:/etc/opendkim/keys/example.com/mail.private
                any   %:any:/etc/opendkim/keys/example.com/mail.private
                """);
        write("opendkim/SigningTable", """
                boss@example.com  sub  boss@example.com
                *@example.com     one
                *@example.com     sub
                *@*.example.com   sub  %
                *b*@*             any  x@%
                """);
        SigningTables tables = tables(true, false);

        assertThat(who(tables, "boss@example.com")).containsExactly("s=sub, d=example.com");
        assertThat(tables.identities(Address.ofInternal("boss@example.com"))
                        .getFirst()
                        .agent())
                .isEqualTo("boss@example.com");
        assertThat(who(tables, "a@example.com")).containsExactly("s=one, d=example.com");
        assertThat(who(tables, "a@mail.example.com")).containsExactly("s=sub, d=example.com");
        assertThat(tables.identities(Address.ofInternal("a@mail.example.com"))
                        .getFirst()
                        .agent())
                .isEqualTo("mail.example.com");
        assertThat(who(tables, "abc@other.example")).containsExactly("s=any, d=other.example");
        assertThat(who(tables, "xyz@other.example")).isEmpty();
    }

    @Test
    void rspamdsFileAsDmsWritesIt() throws IOException {
        write("rspamd/override.d/dkim_signing.conf", RSPAMD);
        SigningTables tables = tables(false, true);

        assertThat(who(tables, "a@example.com")).containsExactly("s=mail, d=example.com");
        assertThat(who(tables, "a@example.org")).containsExactly("s=rsa, d=example.org", "s=ed, d=example.org");
        assertThat(who(tables, "a@mail.example.com")).containsExactly("s=mail, d=example.com");
        assertThat(who(tables, "a@example.net")).isEmpty();
        assertThat(logged).isEmpty();
    }

    /// The guide's own case: rspamd would look at example.com only.
    @Test
    void aDomainBelowWithABlockOfItsOwnSignsForItself() throws IOException {
        write("rspamd/override.d/dkim_signing.conf", RSPAMD + """
                domain { mail.example.com { path = "/tmp/docker-mailserver/rspamd/dkim/$domain.$selector", selector: "s2" } }
                """);
        write("rspamd/dkim/mail.example.com.s2", ED);
        SigningTables tables = tables(false, true);

        assertThat(who(tables, "a@mail.example.com")).containsExactly("s=s2, d=mail.example.com");
        assertThat(who(tables, "a@example.com")).containsExactly("s=mail, d=example.com");
    }

    @Test
    void withoutEsldOnlyTheDomainItselfSigns() throws IOException {
        write("rspamd/override.d/dkim_signing.conf", RSPAMD.replace("use_esld           = true", "use_esld = no"));

        assertThat(who(tables(false, true), "a@mail.example.com")).isEmpty();
    }

    @Test
    void whatIsSwitchedOffDoesNotSign() throws IOException {
        write("rspamd/override.d/dkim_signing.conf", RSPAMD.replace("enabled = true", "enabled = false"));
        opendkim();

        assertThat(who(tables(false, true), "a@example.com")).isEmpty();
        assertThat(tables(false, false).areThere()).isFalse();
    }

    /// Both milters run in DMS when ENABLE_RSPAMD=1 and ENABLE_OPENDKIM is left at its default, and both sign.
    @Test
    void whereBothAreInUseBothSignAndASelectorSignsOnce() throws IOException {
        opendkim();
        write("rspamd/override.d/dkim_signing.conf", RSPAMD.replace("selector = \"mail\"", "selector = \"rs\""));
        assertThat(who(tables(true, true), "a@example.com"))
                .containsExactly("s=rs, d=example.com", "s=mail, d=example.com");

        write("rspamd/override.d/dkim_signing.conf", RSPAMD);
        assertThat(who(tables(true, true), "a@example.com")).containsExactly("s=mail, d=example.com");
    }

    @Test
    void aChangeIsTakenWithinASecondOrSoAndABrokenOneIsNot() throws IOException {
        SigningTables tables = tables(true, false);
        assertThat(who(tables, "a@example.com")).isEmpty();

        opendkim();
        assertThat(who(tables, "a@example.com")).isEmpty();
        later();
        assertThat(who(tables, "a@example.com")).containsExactly("s=mail, d=example.com");
        assertThat(logged).containsExactly("dkim: signing tables read again");

        logged.clear();
        write("opendkim/SigningTable", "*@example.com mail._domainkey.example.net\n");
        later();
        assertThat(who(tables, "a@example.com")).containsExactly("s=mail, d=example.com");
        later();
        assertThat(who(tables, "a@example.com")).containsExactly("s=mail, d=example.com");
        assertThat(logged).hasSize(1).first().asString().contains("SigningTable:1: ", "signing goes on as before");

        logged.clear();
        write("opendkim/SigningTable", "*@example.net mail._domainkey.example.com\n");
        later();
        assertThat(who(tables, "a@example.com")).isEmpty();
        assertThat(who(tables, "a@example.net")).containsExactly("s=mail, d=example.com");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "k example.com:mail:/etc/opendkim/none | *@example.com k | KeyTable:1: the key cannot be read: VOLUME/opendkim/none: no such file",
                "k example.com:mail | *@example.com k | KeyTable:1: \"example.com:mail\" is not domain:selector:/path/to/key",
                "k example.com:mail:MIIB | *@example.com k | KeyTable:1: the key must be a file",
                "k exa mple:mail:/etc/opendkim/KeyTable | *@example.com k | KeyTable:1: \"exa mple\" is no domain",
                "k example.com:mail:/etc/opendkim/KeyTable | *@example.com k | KeyTable:1: VOLUME/opendkim/KeyTable: the key is neither PEM nor Base64",
                "k example.com:mail:/etc/opendkim/x | *@example.com | SigningTable:1: \"*@example.com\" has no second column",
                "k example.com:mail:/etc/opendkim/x | *@example.com j | SigningTable:1: \"j\" is not in VOLUME/opendkim/KeyTable",
            })
    void errorsNameFileAndLine(String keys, String signing, String error) throws IOException {
        write("opendkim/KeyTable", keys + "\n");
        write("opendkim/SigningTable", signing + "\n");

        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> tables(true, false))
                .withMessageStartingWith(volume + "/opendkim/")
                .withMessageContaining(error.replace("VOLUME", volume.toString()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "use_redis = true; | :1: use_redis = true is not supported",
                "try_fallback = true; | :1: try_fallback = true is not supported",
                "use_domain = envelope | :1: use_domain = \"envelope\" is not supported",
                "path_map = \"/x\"; | :1: \"path_map\" is not supported",
                "enabled = maybe; | :1: enabled = \"maybe\" is neither true nor false",
                "domain { example.com { path = \"/none\"; selector = \"s\" } } | :1: the key cannot be read: /none: no such file",
                "domain { example.com { selectors = [] } } | :1: selectors is not a list",
                "domain { example.com = 1 } | :1: here belongs a block",
                "domain { example.com { path = \"/none\" | :1: what begins here has no }",
                "domain { a.example {} a.example = 2 } | :1: \"a.example\" is there already",
                ".include \"/x\" | :1: macros",
                "enabled = \"tru | :1: the string does not end",
                "enabled = ; | :1: a value is missing",
                "} | :1: a } without its {",
            })
    void errorsInRspamdsFileNameTheLine(String text, String error) throws IOException {
        write("rspamd/override.d/dkim_signing.conf", text);

        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> tables(false, true))
                .withMessageStartingWith(volume + "/rspamd/override.d/dkim_signing.conf:1: ")
                .withMessageContaining(error);
    }

    @Test
    void theLineOfAnErrorIsCountedThroughCommentsAndBlocks() throws IOException {
        write("rspamd/override.d/dkim_signing.conf", "/* one\ntwo */ # x\n" + RSPAMD.replace("\"header\"", "\"auth\""));

        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> tables(false, true))
                .withMessageContaining("dkim_signing.conf:11: use_domain = \"auth\"");
    }

    @Test
    void whatIsNotKnownIsToldOf() throws IOException {
        write("rspamd/override.d/dkim_signing.conf", RSPAMD + "sign_headers = \"from\";\n");
        tables(false, true);

        assertThat(logged).hasSize(1).first().asString().contains(":34: \"sign_headers\" is not known here");
    }

    private SigningTables tables(boolean opendkim, boolean rspamd) {
        SigningTables.Places places = new SigningTables.Places(
                opendkim ? volume.resolve("opendkim") : null,
                rspamd ? volume.resolve("rspamd/override.d/dkim_signing.conf") : null,
                path -> path.replace("/tmp/docker-mailserver/", volume + "/")
                        .replace("/etc/opendkim/", volume + "/opendkim/"));
        return new SigningTables(places, () -> now, log);
    }

    private void later() {
        now = now.plus(Duration.ofSeconds(1));
    }

    private static List<String> who(SigningTables tables, String author) {
        return tables.identities(Address.ofInternal(author)).stream()
                .map(SigningIdentity::toString)
                .toList();
    }

    private void write(String name, String text) throws IOException {
        Path file = volume.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
