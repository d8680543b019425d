package postern.dms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import postern.config.ConfigException;

class EnvironmentTest {
    @TempDir
    private Path directory;

    private DmsVolume volume;

    @BeforeEach
    void volume() {
        volume = new DmsVolume(directory);
    }

    private Environment environment(Map<String, String> process) {
        return Environment.of(new Volume(volume.directory), process);
    }

    @Test
    void valuesAreReadAsDockerReadsThem() {
        volume.with(
                "mailserver.env",
                "# DMS\r\nRELAY_HOST=relay.example # ours\nRELAY_USER=\"me # too\" # really\nRELAY_PASSWORD='p\"w'\n"
                        + "RELAY_PORT=\nexport TZ=Europe/Berlin\nENABLE_POP3\nPOSTGREY_TEXT=Delayed by Postgrey\n"
                        + "SRS_SECRET=a#b\n");
        Environment environment = environment(Map.of());
        assertThat(environment.get("RELAY_HOST")).isEqualTo("relay.example");
        assertThat(environment.get("RELAY_USER")).isEqualTo("me # too");
        assertThat(environment.get("RELAY_PASSWORD")).isEqualTo("p\"w");
        assertThat(environment.get("RELAY_PORT"))
                .as("an empty one is its default")
                .isEqualTo("25");
        assertThat(environment.get("TZ")).isEqualTo("Europe/Berlin");
        assertThat(environment.isOn("ENABLE_POP3")).isFalse();
        assertThat(environment.get("SRS_SECRET")).isEqualTo("a#b");
        assertThat(environment.warnings()).isEmpty();
        assertThat(environment.changed())
                .containsExactly("RELAY_HOST", "RELAY_PASSWORD", "RELAY_USER", "SRS_SECRET", "TZ");
    }

    @Test
    void aBackslashMakesAQuotePartOfTheText() {
        volume.with(
                "mailserver.env",
                "RELAY_USER=\"a\\\"b\\\\c\\d\" # x\nRELAY_PASSWORD='a\\'\nSRS_SECRET=\"open\\\"\nTZ=a\\\"b\n");
        Environment environment = environment(Map.of());
        assertThat(environment.get("RELAY_USER")).isEqualTo("a\"b\\c\\d");
        assertThat(environment.get("RELAY_PASSWORD")).isEqualTo("a\\");
        assertThat(environment.get("SRS_SECRET")).isEqualTo("\"open\\\"");
        assertThat(environment.get("TZ")).isEqualTo("a\\\"b");
    }

    @Test
    void theProcessGoesBeforeTheFile() {
        volume.with("mailserver.env", "RELAY_HOST=file.example\n");
        Environment environment = environment(Map.of("RELAY_HOST", "process.example", "PATH", "/bin"));
        assertThat(environment.get("RELAY_HOST")).isEqualTo("process.example");
        assertThat(environment.origin("RELAY_HOST")).isEqualTo("environment");
        assertThat(environment.warnings()).isEmpty();
    }

    @Test
    void aFileMayHoldAValue() {
        volume.with("secrets/relay", " hush \r\n\n")
                .with(
                        "mailserver.env",
                        "RELAY_PASSWORD__FILE=/tmp/docker-mailserver/secrets/relay\nRELAY_USER=me\n"
                                + "RELAY_USER__FILE=/x\nSRS_SECRET__FILE=/nowhere/at/all\n");
        Environment environment = environment(Map.of());
        assertThat(environment.get("RELAY_PASSWORD")).as("but for line ends").isEqualTo(" hush ");
        assertThat(environment.files())
                .as("looked at for changes, in the volume or not")
                .containsExactlyInAnyOrder(
                        volume.directory.resolve("secrets/relay").toAbsolutePath(), Path.of("/nowhere/at/all"));
        assertThat(environment.warnings())
                .containsExactlyInAnyOrder(
                        "mailserver.env:3: RELAY_USER__FILE has no effect: RELAY_USER is set",
                        "mailserver.env:4: SRS_SECRET__FILE: /nowhere/at/all: no such file");
    }

    @Test
    void whatIsNoVariableIsNamed() {
        volume.with("mailserver.env", "ENABLE_POP=1\n");
        assertThat(environment(Map.of()).warnings())
                .containsExactly("mailserver.env:1: ENABLE_POP is no variable of docker-mailserver; it has no effect");
        volume.with("mailserver.env", "TZ=x\nrelay host: x\n");
        assertThatThrownBy(() -> environment(Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessage("mailserver.env:2: a line is NAME=value, not \"relay host: x\"");
    }

    @Test
    void whatTheUserAskedForAndWeLackRefusesStart() {
        volume.with("mailserver.env", "ENABLE_AMAVIS=1\nENABLE_CLAMAV=1\nENABLE_SRS=1\nENABLE_DNSBL=0\nSA_KILL=5\n")
                .with("user-patches.sh", "#! /bin/bash\n# nothing yet\n")
                .with("dovecot.cf", "mail_debug = yes\n")
                .with("you@example.com.dovecot.sieve", "keep;\n")
                .with("before.dovecot.sieve", "# nothing\n");
        assertThatThrownBy(volume::read).isInstanceOf(ConfigException.class).hasMessage("""
                        mailserver.env:2: ENABLE_CLAMAV=1: not here yet (virus scanner)
                        mailserver.env:3: ENABLE_SRS=1: not here yet (SRS)
                        dovecot.cf: not here yet
                        you@example.com.dovecot.sieve: not here yet
                        to start without: POSTERN_WITHOUT=ENABLE_CLAMAV,ENABLE_SRS,dovecot.cf,sieve""");
        volume.set("POSTERN_WITHOUT", "ENABLE_CLAMAV, ENABLE_SRS,dovecot.cf,sieve,ENABLE_LDAP");
        assertThat(volume.read().warnings())
                .containsExactly("environment: POSTERN_WITHOUT names ENABLE_LDAP, which nobody asks for");
    }

    @Test
    void filesCountWithTheSwitchTheyBelongTo() {
        volume.with("fetchmail.cf", "poll x\n")
                .with("fail2ban-jail.cf", "[DEFAULT]\n")
                .with("ldap-users.cf", "bind = yes\n");
        assertThat(volume.read().warnings()).isEmpty();
        volume.with("amavis.cf", "$x = 1;\n");
        assertThatThrownBy(volume::read)
                .hasMessage("amavis.cf: not here yet\nto start without: POSTERN_WITHOUT=amavis.cf");
        volume.set("ENABLE_AMAVIS", "0").set("ENABLE_FETCHMAIL", "1");
        assertThatThrownBy(volume::read)
                .hasMessageContaining("environment: ENABLE_FETCHMAIL=1: not here yet (fetching mail elsewhere)")
                .hasMessageContaining("\nfetchmail.cf: not here yet\n");
    }

    @Test
    void dkimOfRspamdIsNotLacking() {
        volume.with("rspamd/override.d/dkim_signing.conf", "enabled = true;\n")
                .with("rspamd/dkim/rsa-2048-mail-example.com.private.txt", "key\n")
                .set("ENABLE_RSPAMD", "1")
                .set("POSTERN_WITHOUT", "ENABLE_RSPAMD");
        assertThat(volume.read().warnings()).isEmpty();
        volume.with("rspamd/override.d/greylist.conf", "enabled = true;\n");
        assertThatThrownBy(volume::read).hasMessageStartingWith("rspamd/override.d/greylist.conf: not here yet");
    }

    @Test
    void whatHasNoEffectSaysWhy() {
        volume.set("DMS_VMAIL_UID", "1000").set("LOG_LEVEL", "info");
        assertThat(volume.read().warnings())
                .containsExactly("environment: DMS_VMAIL_UID=1000 has no effect: the server runs as its own user");
    }

    @Test
    void valuesThatCannotBeAreNamed() {
        volume.set("POSTFIX_MESSAGE_SIZE_LIMIT", "10M");
        assertThatThrownBy(volume::read).hasMessage("environment: POSTFIX_MESSAGE_SIZE_LIMIT=10M: a number is needed");
    }
}
