package postern.dms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import postern.config.ConfigException;
import postern.rewrite.Routes;

/// Which way mail leaves, by its sender, as the tables say it that are made of the volume.
class RelaysTest {
    private static final String RELAY = "[192.168.2.2]:25";
    private static final String DEFAULT = "[smtp.example.net]:587";

    @TempDir
    private Path directory;

    private DmsVolume volume;

    @BeforeEach
    void volume() {
        volume = new DmsVolume(directory)
                .with(
                        "postfix-accounts.cf",
                        "hello@example.com|" + DmsVolume.HASH + "\nhi@example.org|" + DmsVolume.HASH + "\n");
    }

    private void assertWay(String sender, String way) {
        assertThat(DmsVolume.way(volume.read(), sender, "a@internet.example"))
                .as(sender.isEmpty() ? "<>" : sender)
                .isEqualTo("smtp:" + way);
    }

    @Test
    void withoutAnythingMailGoesToItsRecipientsServer() {
        assertWay("hello@example.com", "internet.example");
        assertWay("", "internet.example");
        assertThat(volume.read().conf().isSet("smtp_sasl_auth_enable")).isFalse();
    }

    @Test
    void relayMapLeadsItsDomainsAndWhatIsNobodysHere() {
        volume.with("postfix-relaymap.cf", "@example.com  " + RELAY + "\n");
        assertWay("hello@example.com", RELAY);
        assertWay("Hello@EXAMPLE.com", RELAY);
        assertWay("hi@example.org", "internet.example");
        assertWay("", RELAY);
        assertWay("stranger@foreign.example", RELAY);
        assertWay("SRS0=x=y=foreign.example=stranger@example.com", RELAY);
        assertThat(volume.read().announcements())
                .anyMatch(note -> note.startsWith("mail of foreign senders and bounces leaves through " + RELAY));
        assertThat(volume.read().conf().isSet("relayhost")).isFalse();
    }

    @Test
    void mailWithoutSenderMayHaveALineOfItsOwn() {
        volume.with("postfix-relaymap.cf", "@example.com " + RELAY + "\n<> [other.example]:26\n<>\n");
        assertWay("", "[other.example]:26");
        assertWay("hello@example.com", RELAY);
        assertWay("stranger@foreign.example", RELAY);
        assertThat(volume.read().warnings())
                .containsExactly("postfix-relaymap.cf:3: \"<>\" is no sender: @domain or user@domain is needed; the"
                        + " line has no effect");
    }

    @Test
    void dmssOwnWayIsALineAway() {
        volume.with("postfix-relaymap.cf", "@example.com  " + RELAY + "\n")
                .with("postfix-main.cf", "sender_dependent_relayhost_maps = texthash:/etc/postfix/relayhost_map\n");
        assertWay("hello@example.com", RELAY);
        assertWay("", "internet.example");
        assertWay("stranger@foreign.example", "internet.example");
    }

    @Test
    void ofSeveralRelaysTheFirstTakesForeignMailOrThatOfTheVariable() {
        volume.with("postfix-relaymap.cf", "@example.com " + RELAY + "\n@example.org [other.example]\n");
        assertWay("hello@example.com", RELAY);
        assertWay("hi@example.org", "[other.example]");
        assertWay("", RELAY);
        assertThat(volume.read().announcements())
                .anyMatch(note -> note.contains("the relay of the first line of postfix-relaymap.cf"));
        volume.with("postfix-relaymap.cf", "@example.com " + RELAY + "\n").set("RELAY_HOST", "relay.example");
        assertWay("hello@example.com", RELAY);
        assertWay("", "[relay.example]:25");
        assertThat(volume.read().announcements()).anyMatch(note -> note.contains("that of RELAY_HOST"));
    }

    @Test
    void relayHostTakesTheDomainsThatTheMapDoesNotName() {
        volume.set("RELAY_HOST", "relay.example").set("RELAY_PORT", "2525");
        assertWay("hello@example.com", "[relay.example]:2525");
        assertWay("hi@example.org", "[relay.example]:2525");
        assertWay("", "[relay.example]:2525");
        volume.with("postfix-relaymap.cf", "@example.com " + RELAY + "\n@example.org\n");
        assertWay("hello@example.com", RELAY);
        assertWay("hi@example.org", "internet.example");
        assertThat(volume.table("relayhost_map")).isEqualTo("@example.com " + RELAY + "\n");
    }

    @Test
    void anAliasDomainHasRelayHostToo() {
        volume.set("RELAY_HOST", "relay.example").with("postfix-virtual.cf", "a@alias.example hello@example.com\n");
        volume.read();
        assertThat(volume.table("relayhost_map"))
                .isEqualTo("@alias.example [relay.example]:25\n@example.com [relay.example]:25\n"
                        + "@example.org [relay.example]:25\n");
    }

    @Test
    void defaultRelayHostTakesAllThatHasNoOther() {
        volume.set("DEFAULT_RELAY_HOST", DEFAULT);
        for (String sender : new String[] {"hello@example.com", "hi@example.org", "", "stranger@foreign.example"}) {
            assertWay(sender, DEFAULT);
        }
        volume.with("postfix-relaymap.cf", "@example.com " + RELAY + "\n@example.org\n");
        assertWay("hello@example.com", RELAY);
        assertWay("hi@example.org", DEFAULT);
        assertWay("", DEFAULT);
        assertWay("stranger@foreign.example", DEFAULT);
    }

    @Test
    void aUsersOwnLineGoesBeforeHisDomains() {
        volume.with("postfix-relaymap.cf", "@example.com " + RELAY + "\nhello@example.com [other.example]:26\n");
        assertWay("hello@example.com", "[other.example]:26");
        assertWay("you@example.com", RELAY);
        assertWay("", RELAY);
    }

    @Test
    void port465HasTlsFromTheStart() {
        volume.with("postfix-relaymap.cf", "@example.com [smtp.example.net]:465\n@example.org " + RELAY + "\n");
        DmsConfig config = volume.read();
        assertThat(DmsVolume.way(config, "hello@example.com", "a@internet.example"))
                .isEqualTo("smtps:[smtp.example.net]:465");
        assertThat(DmsVolume.way(config, "hi@example.org", "a@internet.example"))
                .isEqualTo("smtp:" + RELAY);
        assertThat(DmsVolume.way(config, "", "a@internet.example")).isEqualTo("smtps:[smtp.example.net]:465");
        assertThat(DmsVolume.way(config, "hello@example.com", "hi@example.org")).isEqualTo("mailbox:example.org");
        volume.set("DEFAULT_RELAY_HOST", "[smtp.example.edu]:465");
        DmsConfig both = volume.read();
        assertThat(DmsVolume.way(both, "", "a@internet.example")).isEqualTo("smtps:[smtp.example.edu]:465");
        assertThat(DmsVolume.way(both, "hi@example.org", "a@internet.example")).isEqualTo("smtp:" + RELAY);
    }

    @Test
    void onlyOneRelayAt465TakesBouncesToo() {
        volume.with("postfix-relaymap.cf", "@example.com [smtp.example.net]:465\n");
        DmsConfig config = volume.read();
        assertThat(DmsVolume.way(config, "", "a@internet.example")).isEqualTo("smtps:[smtp.example.net]:465");
        assertThat(DmsVolume.way(config, "hi@example.org", "a@internet.example"))
                .isEqualTo("smtp:internet.example");
    }

    @Test
    void passwordsMakeTlsMandatoryForTheirRelaysOnly() throws Exception {
        volume.with("postfix-relaymap.cf", "@example.com " + DEFAULT + "\n@example.org " + RELAY + "\n")
                .with("postfix-sasl-password.cf", "@example.com user:pass:word with space\n");
        DmsConfig config = volume.read();
        assertThat(volume.table("sasl_passwd"))
                .isEqualTo("@example.com user:pass:word with space\n" + DEFAULT + " user:pass:word with space\n");
        assertThat(volume.table("tls_policy")).isEqualTo(DEFAULT + " encrypt\n");
        assertThat(config.conf().text("smtp_tls_security_level")).isEqualTo("may");
        assertThat(config.conf().text("smtp_tls_policy_maps")).isEqualTo("texthash:/etc/postfix/tls_policy");
        assertThat(config.conf().text("smtp_sender_dependent_authentication")).isEqualTo("yes");
        assertThat(config.conf().text("smtp_sasl_auth_enable")).isEqualTo("yes");
        Path file = volume.state.resolve("postern/etc/sasl_passwd");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Routes.PARAMETERS).isNotEmpty();
    }

    @Test
    void aLevelOfTheUsersOwnHoldsForAllRelays() {
        volume.with("postfix-relaymap.cf", "@example.com " + RELAY + "\n")
                .with("postfix-sasl-password.cf", "@example.com user:secret\n")
                .with("postfix-main.cf", "smtp_tls_security_level = may\n");
        assertThat(volume.read().conf().isSet("smtp_tls_policy_maps")).isFalse();
    }

    @Test
    void bouncesLogInAtTheOnlyRelayAsItsUser() {
        volume.with("postfix-relaymap.cf", "@example.com " + DEFAULT + "\n")
                .with("postfix-sasl-password.cf", "@example.com user:secret\n");
        volume.read();
        assertThat(volume.table("sasl_passwd")).isEqualTo("@example.com user:secret\n" + DEFAULT + " user:secret\n");
    }

    @Test
    void bouncesLogInAtTheDefaultRelayToo() {
        volume.set("DEFAULT_RELAY_HOST", DEFAULT)
                .with("postfix-relaymap.cf", "@example.org " + RELAY + "\n")
                .with("postfix-sasl-password.cf", "@example.org other:secret\n@example.com user:secret\n");
        volume.read();
        assertThat(volume.table("sasl_passwd"))
                .isEqualTo("@example.org other:secret\n@example.com user:secret\n" + DEFAULT + " user:secret\n");
    }

    @Test
    void relayUserLogsInAtTheRelayOfTheVariables() {
        volume.set("RELAY_HOST", "relay.example")
                .set("RELAY_PORT", "2525")
                .set("RELAY_USER", "me")
                .set("RELAY_PASSWORD", "secret")
                .with("postfix-sasl-password.cf", "@example.com file:pass\n");
        DmsConfig config = volume.read();
        assertThat(volume.table("sasl_passwd")).isEqualTo("@example.com file:pass\n[relay.example]:2525 me:secret\n");
        assertThat(volume.table("tls_policy")).isEqualTo("[relay.example]:2525 encrypt\n");
        assertThat(config.warnings()).isEmpty();
    }

    @Test
    void aPasswordWhoseMailHasNoRelayIsNotGivenToAnyServer() {
        volume.with("postfix-relaymap.cf", "@example.com " + RELAY + "\n")
                .with("postfix-sasl-password.cf", "@example.org user:secret\n");
        DmsConfig config = volume.read();
        assertThat(volume.table("sasl_passwd")).isEmpty();
        assertThat(config.warnings())
                .singleElement()
                .asString()
                .startsWith("postfix-sasl-password.cf:1: no relay takes mail of @example.org")
                .doesNotContain("secret");
    }

    @Test
    void passwordsAloneHaveNoEffect() {
        volume.with("postfix-sasl-password.cf", "@example.com user:secret\n");
        DmsConfig config = volume.read();
        assertThat(config.conf().isSet("smtp_sasl_auth_enable")).isFalse();
        assertThat(config.warnings()).singleElement().asString().contains("postfix-sasl-password.cf has no effect");
    }

    @Test
    void linesThatCannotBeAreRefusedByFileAndLineAndWithoutPasswords() {
        volume.with("postfix-relaymap.cf", "# ours\n@example.com [192.168.2.2:25\n");
        assertThatThrownBy(volume::read)
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        "postfix-relaymap.cf:2: \"[192.168.2.2:25\" is no relay: [host]:port is needed, or host:port for its MX");
        volume.with("postfix-relaymap.cf", "example.com " + RELAY + "\n").with("postfix-sasl-password.cf", "");
        assertThat(volume.read().warnings())
                .containsExactly(
                        "postfix-relaymap.cf:1: \"example.com\" is no sender: @domain or user@domain is needed;"
                                + " the line has no effect");
        volume.with("postfix-sasl-password.cf", "\n@example.com secret\n");
        assertThatThrownBy(volume::read)
                .hasMessage(
                        "postfix-sasl-password.cf:2: a line is @domain user:password, or [host]:port user:password");
        volume.set("DEFAULT_RELAY_HOST", "[oops");
        assertThatThrownBy(volume::read)
                .hasMessage("environment: DEFAULT_RELAY_HOST=[oops: [host]:port is needed, or host:port for its MX");
    }
}
