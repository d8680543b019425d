package postern.dms.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `setup config dkim`, as DMS's own tests pin both of its forms.
class DkimCommandTest {
    private static final String SIGNING = "rspamd/override.d/dkim_signing.conf";

    @TempDir
    private Path directory;

    private SetupRun setup;

    @BeforeEach
    void volume() {
        setup = new SetupRun(directory);
    }

    private SetupRun withRspamd() {
        return setup.with("ENABLE_RSPAMD", "1")
                .with("ENABLE_OPENDKIM", "0")
                .with("OVERRIDE_HOSTNAME", "mail.fixed.com")
                .with("LOG_LEVEL", "trace");
    }

    private int bits(String file) throws IOException, GeneralSecurityException {
        String base64 = setup.file(file).replaceAll("-----[A-Z ]+-----|\\s", "");
        PKCS8EncodedKeySpec encoded =
                new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64));
        return ((RSAPrivateCrtKey) KeyFactory.getInstance("RSA").generatePrivate(encoded))
                .getModulus()
                .bitLength();
    }

    @Test
    void eachDomainOfAccountsAndAliasesGetsAKey() throws IOException, GeneralSecurityException {
        setup.file("postfix-accounts.cf", "user1@localhost.localdomain|x\nuser2@OtherDomain.tld|x\n")
                .file("postfix-virtual.cf", "@localdomain2.com user1@localhost.localdomain\nbare user1\n");
        assertThat(setup.done("config", "dkim", "keysize", "1024"))
                .contains("Creating DKIM KeyTable\n", "Creating DKIM SigningTable\n", "Creating DKIM TrustedHosts\n")
                .contains("Creating DKIM private key '" + directory
                        + "/opendkim/keys/localhost.localdomain/mail.private'\n")
                .contains("TXT DNS record mail._domainkey.otherdomain.tld that you need to create:\n\nv=DKIM1;");
        assertThat(setup.file("opendkim/KeyTable")).isEqualTo("""
                mail._domainkey.localdomain2.com localdomain2.com:mail:/etc/opendkim/keys/localdomain2.com/mail.private
                mail._domainkey.localhost.localdomain localhost.localdomain:mail:/etc/opendkim/keys/localhost.localdomain/mail.private
                mail._domainkey.otherdomain.tld otherdomain.tld:mail:/etc/opendkim/keys/otherdomain.tld/mail.private
                """);
        assertThat(setup.file("opendkim/SigningTable")).isEqualTo("""
                *@localdomain2.com mail._domainkey.localdomain2.com
                *@localhost.localdomain mail._domainkey.localhost.localdomain
                *@otherdomain.tld mail._domainkey.otherdomain.tld
                """);
        assertThat(setup.file("opendkim/TrustedHosts")).isEqualTo("127.0.0.1\nlocalhost\n");
        assertThat(setup.file("opendkim/keys/otherdomain.tld/mail.txt"))
                .startsWith("mail._domainkey\tIN\tTXT\t( \"v=DKIM1;")
                .contains("; ----- DKIM key mail for otherdomain.tld");
        assertThat(bits("opendkim/keys/otherdomain.tld/mail.private")).isEqualTo(1024);
        Path key = directory.resolve("opendkim/keys/otherdomain.tld/mail.private");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
    }

    @Test
    void theStandardKeyHas2048Bits() throws IOException, GeneralSecurityException {
        setup.done("config", "dkim", "domain", "example.com");
        assertThat(bits("opendkim/keys/example.com/mail.private")).isEqualTo(2048);
    }

    @Test
    void keysThatAreThereStay() throws IOException {
        setup.done("config", "dkim", "keysize", "1024", "domain", "domain1.tld", "selector", "mailer");
        setup.done("config", "dkim", "keysize", "1024", "domain", "domain2.tld,domain3.tld");
        String before = setup.file("opendkim/keys/domain3.tld/mail.private");
        assertThat(setup.done("config", "dkim", "keysize", "1024", "domain", "domain3.tld,domain4.tld"))
                .contains("/domain4.tld/mail.private'")
                .doesNotContain("/domain3.tld/mail.private'");
        assertThat(setup.file("opendkim/keys/domain3.tld/mail.private")).isEqualTo(before);
        assertThat(setup.file("opendkim/KeyTable").lines())
                .hasSize(4)
                .contains("mailer._domainkey.domain1.tld"
                        + " domain1.tld:mailer:/etc/opendkim/keys/domain1.tld/mailer.private");
        assertThat(setup.file("opendkim/SigningTable").lines())
                .hasSize(4)
                .contains("*@domain1.tld mailer._domainkey.domain1.tld");
    }

    @Test
    void withoutDomainsThereAreNoKeys() {
        setup.done("config", "dkim");
        assertThat(setup.err()).contains("No entries found, no keys to make");
        assertThat(setup.has("opendkim")).isFalse();
    }

    @Test
    void whatIsNoArgumentIsRefused() {
        assertThat(setup.refused("config", "dkim", "keysize")).contains("No keysize provided after 'keysize' argument");
        assertThat(setup.refused("config", "dkim", "selector"))
                .contains("No selector provided after 'selector' argument");
        assertThat(setup.refused("config", "dkim", "domain")).contains("No domain(s) provided after 'domain' argument");
        assertThat(setup.refused("config", "dkim", "size", "2048")).contains("Unknown options 'size' and '2048'");
        assertThat(setup.refused("config", "dkim", "keysize", "512")).contains("1024, 2048 or 4096");
        assertThat(setup.refused("config", "dkim", "selector", "../a", "domain", "example.com"))
                .contains("cannot be a selector");
        assertThat(setup.refused("config", "dkim", "domain", "../../etc")).contains("cannot be a domain");
        assertThat(setup.has("opendkim")).isFalse();
    }

    @Test
    void rspamdsKeyAndItsConfigurationAreMade() throws IOException, GeneralSecurityException {
        assertThat(withRspamd().done("config", "dkim"))
                .contains("Supplying a default configuration (to '" + directory + "/" + SIGNING + "')")
                .contains("TXT DNS record mail._domainkey.fixed.com that you need to create:\n\nv=DKIM1; k=rsa; p=")
                .contains("Finished DKIM key creation");
        String base = "rspamd/dkim/rsa-2048-mail-fixed.com";
        assertThat(bits(base + ".private.txt")).isEqualTo(2048);
        assertThat(setup.file(base + ".public.txt"))
                .startsWith("mail._domainkey")
                .contains("k=rsa;");
        assertThat(setup.file(base + ".public.dns.txt")).startsWith("v=DKIM1; k=rsa; p=");
        assertThat(setup.file(SIGNING)).contains("enabled = true;\n").contains("""
                domain {
                    fixed.com {
                        path = "/tmp/docker-mailserver/rspamd/dkim/rsa-2048-mail-fixed.com.private.txt";
                        selector = "mail";
                    }
                }
                """);
        assertThat(setup.has("opendkim")).isFalse();
    }

    @Test
    void rspamdsFilesAreOverwrittenByForceAndItsConfigurationNever() throws IOException {
        String[] command = {"config", "dkim", "keysize", "1024", "domain", "blabla.org"};
        String key = "rspamd/dkim/rsa-1024-mail-blabla.org.private.txt";
        withRspamd().done(command);
        setup.file(SIGNING, "mine\n");
        String before = setup.file(key);
        assertThat(setup.refused(command))
                .contains("Not overwriting existing files (use '--force' to overwrite existing files)");
        assertThat(setup.file(key)).isEqualTo(before);
        assertThat(setup.done("config", "dkim", "-f", "keysize", "1024", "domain", "blabla.org"))
                .contains("Overwriting existing files as the '--force' option was supplied")
                .contains("' exists, not supplying a default");
        assertThat(setup.file(key)).isNotEqualTo(before);
        assertThat(setup.file(SIGNING)).isEqualTo("mine\n");
    }

    @Test
    void rspamdTakesAKeytype() throws IOException {
        assertThat(withRspamd().refused("config", "dkim", "keytype", "foobar")).contains("Unknown keytype 'foobar'");
        assertThat(setup.refused("config", "dkim", "keytype", "ed25519", "keysize", "4096"))
                .contains("Chosen keytype does not accept the 'keysize' argument");
        assertThat(setup.done("config", "dkim", "keytype", "ed25519", "selector", "someselector", "domain", "dms.org"))
                .contains("Keytype set to 'ed25519'", "Selector set to 'someselector'", "Domain set to 'dms.org'");
        assertThat(setup.file("rspamd/dkim/ed25519-someselector-dms.org.public.dns.txt"))
                .startsWith("v=DKIM1; k=ed25519; p=");
        assertThat(setup.file(SIGNING))
                .contains("path = \"/tmp/docker-mailserver/rspamd/dkim/ed25519-someselector-dms.org.private.txt\";");
    }

    @Test
    void rspamdsHelpSaysMoreWhenAsked() {
        assertThat(withRspamd().done("config", "dkim", "-vv", "help"))
                .contains("Enabled trace-logging", "Showing usage message now")
                .contains("rspamd-dkim - Configure DKIM (DomainKeys Identified Mail)");
        assertThat(setup.with("LOG_LEVEL", "info").done("config", "dkim", "-v", "help"))
                .contains("Enabled debug-logging")
                .doesNotContain("Showing usage message now");
    }

    @Test
    void withBothOpenDkimIsTaken() {
        setup.with("ENABLE_RSPAMD", "1").done("config", "dkim", "keysize", "1024", "domain", "example.com");
        assertThat(setup.err()).contains("OpenDKIM will be implicitly used for DKIM keys");
        assertThat(setup.has("opendkim/keys/example.com/mail.private")).isTrue();
    }
}
