package postern.dms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import postern.config.ConfigException;
import postern.config.Judgement;
import postern.config.MainCf;
import postern.config.MasterService.Type;

class DmsConfigTest {
    @TempDir
    private Path directory;

    private DmsVolume volume;

    @BeforeEach
    void volume() {
        volume = new DmsVolume(directory);
    }

    private static MainCf seen(DmsConfig config, String service) {
        return config.master()
                .configure(
                        config.conf(),
                        java.util.Objects.requireNonNull(config.master().service(service, Type.INET)));
    }

    private void assertRefused(String message) {
        assertThatThrownBy(volume::read).isInstanceOf(ConfigException.class).hasMessage(message);
    }

    /// The guide's own files come to what docker-mailserver makes of them.
    @Test
    void theGuidesFilesComeToTheGuidesServer() throws IOException {
        for (String file : List.of("postfix-main.cf", "postfix-relaymap.cf")) {
            volume.with(file, Files.readAllBytes(Path.of("conf/private", file)));
        }
        volume.with("postfix-accounts.cf", "hello@example.com|" + DmsVolume.HASH + "\n");
        DmsConfig config = volume.read();
        assertThat(volume.table("vhost")).isEqualTo("example.com\n");
        assertThat(volume.table("vmailbox")).isEqualTo("hello@example.com example.com/hello/\n");
        assertThat(volume.table("relayhost_map")).isEqualTo("@example.com [192.168.2.2]:25\n");
        assertThat(config.conf().text("mynetworks")).isEqualTo("192.168.2.0/24");
        assertThat(config.conf().origin("mynetworks")).isEqualTo("postfix-main.cf:1");
        assertThat(config.conf().isSet("relayhost")).isFalse();
        assertThat(config.conf().text("smtp_tls_security_level")).isEqualTo("may");
        assertThat(DmsVolume.way(config, "hello@example.com", "a@internet.example"))
                .isEqualTo("smtp:[192.168.2.2]:25");
        assertThat(DmsVolume.way(config, "", "hello@example.com")).isEqualTo("mailbox:example.com");
    }

    @Test
    void nothingOfItsOwnSettingsIsWarnedOfOrRefused() {
        DmsConfig config = volume.read();
        Judgement judgement = Judgement.of(config.conf(), config.master());
        assertThat(judgement.refusals()).isEmpty();
        assertThat(judgement.warnings()).isEmpty();
        assertThat(config.warnings()).isEmpty();
        assertThat(config.announcements())
                .anyMatch(line -> line.startsWith(
                        "not here yet, and on in docker-mailserver by its default: ENABLE_IMAP, ENABLE_AMAVIS,"
                                + " ENABLE_OPENDMARC, ENABLE_POLICYD_SPF, POSTSCREEN_ACTION"));
        assertThat(config.conf().text("mynetworks")).isEmpty();
    }

    @Test
    void aTableHoldsSecretsForItsOwnerAlone() throws IOException {
        volume.read();
        assertThat(volume.table("users")).isEqualTo(DmsVolume.YOU.strip() + "|you@example.com\n");
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(volume.state.resolve("postern/etc/users"))))
                .isEqualTo("rw-------");
    }

    @Test
    void aTableThatIsNotThereAnyMoreGoesAndTheCertificateStays() {
        volume.with("postfix-relaymap.cf", "@example.com [192.168.2.2]:25\n");
        String first = String.valueOf(volume.read().conf().text("smtpd_tls_cert_file"));
        byte[] certificate = read(Path.of(first));
        assertThat(volume.state.resolve("postern/etc/relayhost_map")).exists();
        delete("postfix-relaymap.cf");
        String second = String.valueOf(volume.read().conf().text("smtpd_tls_cert_file"));
        assertThat(volume.state.resolve("postern/etc/relayhost_map")).doesNotExist();
        assertThat(read(Path.of(second))).isEqualTo(certificate);
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void delete(String name) {
        try {
            Files.delete(volume.directory.resolve(name));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theUsersLinesGoOverDmssAndSayWhereTheyAre() {
        volume.with("postfix-main.cf", "# mine\nmessage_size_limit = lots\n");
        DmsConfig config = volume.read();
        assertThat(config.conf().origin("message_size_limit")).isEqualTo("postfix-main.cf:2");
        volume.with("postfix-main.cf", "no equals sign\n");
        assertThatThrownBy(volume::read).hasMessageStartingWith("postfix-main.cf:1: missing '='");
    }

    @Test
    void pathsOfTheContainerAreThoseOfTheVolume() {
        volume.with("postfix-main.cf", "header_checks = pcre:/tmp/docker-mailserver/checks.pcre\n");
        assertThat(volume.read().conf().text("header_checks")).isEqualTo("pcre:" + volume.directory + "/checks.pcre");
    }

    @Test
    void listenersAreDmssWithTheirOptions() {
        DmsConfig config = volume.read();
        assertThat(config.master().listeners(config.conf()).stream()
                        .map(service -> service.name() + " " + service.port(config.conf())))
                .containsExactly("smtp 25", "submission 587", "submissions 465");
        MainCf submission = seen(config, "submission");
        assertThat(submission.text("smtpd_sasl_auth_enable")).isEqualTo("yes");
        assertThat(submission.text("smtpd_client_restrictions")).isEqualTo("permit_sasl_authenticated,reject");
        assertThat(submission.text("smtpd_discard_ehlo_keywords")).isEmpty();
        assertThat(submission.text("header_checks")).isEqualTo("pcre:/etc/postfix/sender_header_filter.pcre");
        assertThat(seen(config, "submissions").text("smtpd_tls_wrappermode")).isEqualTo("yes");
        assertThat(seen(config, "smtp").text("smtpd_sasl_auth_enable")).isEqualTo("no");
        assertThat(seen(config, "smtp").text("header_checks")).isNotEqualTo(submission.text("header_checks"));
    }

    @Test
    void masterLinesGoToTheirServicesWithTheirOrigin() {
        volume.with(
                "postfix-master.cf",
                "submission/inet/smtpd_client_restrictions=$mine\nsmtp/inet/smtpd_client_auth_rate_limit=7\n"
                        + "sender-cleanup/unix/header_checks=\nsmtp-amavis/unix/smtp_data_done_timeout=9\n"
                        + "  # a comment\nnobody/inet/x=y\n");
        DmsConfig config = volume.read();
        MainCf submission = seen(config, "submission");
        assertThat(submission.text("smtpd_client_restrictions")).isEqualTo("$mine");
        assertThat(submission.origin("smtpd_client_restrictions")).isEqualTo("postfix-master.cf:1");
        assertThat(submission.origin("smtpd_relay_restrictions")).startsWith("docker-mailserver:");
        assertThat(submission.text("header_checks")).isEmpty();
        assertThat(seen(config, "smtp").text("smtpd_client_auth_rate_limit")).isEqualTo("7");
        assertThat(config.warnings())
                .containsExactly(
                        "postfix-master.cf:4: smtp-amavis/unix is not needed here: the line has no effect",
                        "postfix-master.cf:6: nobody/inet is no service of docker-mailserver: the line has no effect");
        assertThat(Judgement.of(config.conf(), config.master()).warnings())
                .anyMatch(warning -> warning.startsWith("postfix-master.cf:1: ") && warning.contains("mine"));
        volume.with("postfix-master.cf", "\nsubmission/smtpd_client_restrictions=x\n");
        assertRefused(
                "postfix-master.cf:2: service/type/parameter=value is needed, not \"submission/smtpd_client_restrictions=x\"");
    }

    @Test
    void accessFilesGoBeforeTheOtherRestrictions() {
        volume.with("postfix-send-access.cf", "you@example.com \t\t REJECT\n")
                .with("postfix-receive-access.cf", "you@example.com \t\t REJECT\n");
        MainCf conf = volume.read().conf();
        assertThat(conf.text("dms_smtpd_sender_restrictions"))
                .startsWith("check_sender_access texthash:/etc/postfix/send_access, permit_sasl_authenticated");
        assertThat(conf.text("smtpd_recipient_restrictions"))
                .startsWith("check_recipient_access texthash:/etc/postfix/receive_access, permit_sasl");
        assertThat(volume.table("send_access")).isEqualTo("you@example.com \t\t REJECT\n");
    }

    @Test
    void spoofProtectionAsksWhoOwnsAnAddress() {
        assertThat(volume.read().conf().expand("$mua_sender_restrictions")).startsWith("permit_sasl_authenticated");
        volume.set("SPOOF_PROTECTION", "1");
        assertThat(volume.read().conf().expand("$mua_sender_restrictions"))
                .startsWith("reject_authenticated_sender_login_mismatch, permit_sasl_authenticated");
    }

    @Test
    void anotherDeliveryAgentTakesTheMailboxesPlace() {
        volume.set("POSTFIX_DAGENT", "lmtp:127.0.0.1:24");
        assertThat(DmsVolume.way(volume.read(), "", "you@example.com")).isEqualTo("lmtp:127.0.0.1:24");
    }

    @Test
    void withSmtpOnlyNobodyHasMailHereOrLogsIn() {
        volume.set("SMTP_ONLY", "1")
                .set("ENABLE_POP3", "1")
                .with("postfix-virtual.cf", "a@alias.example b@x.example\n");
        DmsConfig config = volume.read();
        assertThat(config.accounts().all()).isEmpty();
        assertThat(config.accounts().domains()).containsExactly("alias.example");
        assertThat(seen(config, "submission").text("smtpd_sasl_auth_enable")).isEqualTo("no");
        assertThat(config.hasPop3()).isFalse();
    }

    @Test
    void whoIsTrustedFollowsPermitDocker() {
        volume.addresses(List.of(
                new Here.Address("eth0", "172.18.3.5", 16),
                new Here.Address("eth1", "10.1.2.3", 20),
                new Here.Address("eth2", "198.51.100.7", 24),
                new Here.Address("eth0", "fd00::5", 64)));
        String standard = "127.0.0.0/8 [::1]/128 [fe80::]/64";
        Map<String, String> expected = Map.of(
                "none", "",
                "network", standard + " 172.16.0.0/12",
                "container", standard + " 172.18.3.5/32",
                "host", standard + " 172.18.0.0/16",
                "connected-networks", standard + " 172.18.0.0/16 10.1.0.0/20");
        expected.forEach((kind, networks) -> {
            MainCf conf = volume.set("PERMIT_DOCKER", kind).read().conf();
            assertThat(conf.text("mynetworks")).as(kind).isEqualTo(networks);
            assertThat(Judgement.of(conf, volume.read().master()).refusals()).isEmpty();
        });
        volume.set("PERMIT_DOCKER", "all");
        assertRefused("environment: PERMIT_DOCKER=all: one of these is needed: none, container, host, network,"
                + " connected-networks");
        volume.set("PERMIT_DOCKER", "host").set("NETWORK_INTERFACE", "eth9");
        assertRefused(
                "environment: NETWORK_INTERFACE=eth9: PERMIT_DOCKER needs its IPv4 address, and it has none here");
    }

    @Test
    void theNameOfTheHostIsAFullOne() {
        volume.hostname("mail");
        assertRefused("this host calls itself \"mail\": set OVERRIDE_HOSTNAME=mail.example.com, a full name");
        assertThat(volume.set("OVERRIDE_HOSTNAME", "Mail.Example.org")
                        .read()
                        .conf()
                        .text("mydomain"))
                .isEqualTo("example.org");
        assertThat(volume.set("OVERRIDE_HOSTNAME", "example.org").read().conf().text("mydomain"))
                .isEqualTo("example.org");
    }

    @Test
    void aHostThatIsCalledAsItsDomainHasMailboxesThere() {
        DmsConfig config = volume.hostname("example.com").read();
        assertThat(DmsVolume.way(config, "", "you@example.com")).isEqualTo("mailbox:example.com");
    }

    @Test
    void aMissingVolumeIsSaid() {
        assertThatThrownBy(() -> DmsConfig.read(directory.resolve("none"), Map.of(), directory))
                .hasMessageEndingWith("none: no such directory; docker-mailserver's config volume belongs there");
    }
}
