package postern;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import postern.peers.Commands;
import postern.peers.PostfixInstance;
import postern.peers.PublicDirectory;

/// The recorded dialogues are what Debian's Postfix says in docker-mailserver's configuration, made of the same volume:
/// so that nobody bends them to us. `-Dupdate=true` records them again.
class PrivateRecordedTest {
    /// As docker-mailserver's image has it and its start completes it; what only a container has is left out.
    private static final String MAIN = """
            compatibility_level = 3.6
            myhostname = mail.home.example.com
            mydomain = home.example.com
            smtpd_banner = $myhostname ESMTP
            biff = no
            append_dot_mydomain = no
            smtputf8_enable = no
            mydestination = $myhostname, localhost.$mydomain, localhost
            mynetworks =
            mailbox_size_limit = 0
            recipient_delimiter = +
            inet_protocols = ipv4
            smtpd_helo_required = yes
            smtpd_delay_reject = yes
            smtpd_helo_restrictions = permit_mynetworks, reject_invalid_helo_hostname, permit
            smtpd_relay_restrictions = permit_mynetworks permit_sasl_authenticated defer_unauth_destination
            smtpd_recipient_restrictions = RECEIVEpermit_sasl_authenticated, permit_mynetworks,
              reject_unauth_destination, reject_invalid_helo_hostname, reject_non_fqdn_helo_hostname,
              reject_unknown_recipient_domain
            smtpd_client_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination
            smtpd_sender_restrictions = $dms_smtpd_sender_restrictions
            smtpd_discard_ehlo_keywords = silent-discard, dsn
            smtpd_data_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_pipelining
            disable_vrfy_command = yes
            smtpd_forbid_bare_newline = yes
            dms_smtpd_sender_restrictions = SENDpermit_sasl_authenticated, permit_mynetworks
            mua_sender_restrictions = SPOOF$dms_smtpd_sender_restrictions
            smtpd_sasl_auth_enable = no
            broken_sasl_auth_clients = yes
            virtual_mailbox_domains = /etc/postfix/vhost
            virtual_mailbox_maps = texthash:/etc/postfix/vmailbox
            virtual_alias_maps = texthash:/etc/postfix/virtual REGEXP
            virtual_transport = virtual
            virtual_mailbox_base = MAILBOXES
            virtual_uid_maps = static:65534
            virtual_gid_maps = static:65534
            default_transport = discard:
            local_transport = discard:
            local_recipient_maps = proxy:unix:passwd.byname texthash:/etc/postfix/aliases
            smtpd_sender_login_maps = unionmap:{ texthash:/etc/postfix/virtual, texthash:/etc/postfix/aliases,
              pcre:/etc/postfix/sender_login_maps.pcre REGEXP }
            smtpd_authorized_xclient_hosts = 127.0.0.0/8
            smtpd_error_sleep_time = 0
            smtpd_hard_error_limit = 1000
            """;
    private static final String SUBMISSION = """
            %s inet n - n - - smtpd
              -o syslog_name=postfix/submission
              -o smtpd_sasl_auth_enable=yes
              -o smtpd_reject_unlisted_recipient=no
              -o smtpd_client_restrictions=permit_sasl_authenticated,reject
              -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
              -o smtpd_sender_restrictions=$mua_sender_restrictions
              -o smtpd_discard_ehlo_keywords=
            """;

    @TempDir
    private Path directory;

    @BeforeAll
    static void programs() throws IOException {
        Commands.needRoot();
        Commands.need("postfix", "postconf");
        Commands.leaveOutUnless(
                Commands.run("postconf", "-dh", "mail_version").startsWith("3.7."), "recorded from Postfix 3.7");
        Commands.leaveOutUnless(Commands.run("postconf", "-m").contains("pcre"), "postfix-pcre");
    }

    static Stream<Path> files() throws IOException {
        return PrivateDialogue.files();
    }

    @ParameterizedTest
    @MethodSource("files")
    void isWhatPostfixSays(Path file) throws IOException {
        PrivateDialogue dialogue = PrivateDialogue.read(file);
        Map<String, String> volume = dialogue.volume();
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path mailboxes = Files.createDirectories(directory.resolve("mailboxes"));
        Files.setPosixFilePermissions(mailboxes, PosixFilePermissions.fromString("rwxrwxrwx"));
        String listen = "127.0.0.1:" + PublicDirectory.freePort();
        String service = dialogue.port() == 25 ? "%s inet n - n - - smtpd\n" : SUBMISSION;
        List<String> answers;
        try (PostfixInstance postfix = new PostfixInstance(
                directory,
                listen,
                main(volume).replace("MAILBOXES", mailboxes.toString()),
                tables(volume),
                new PostfixInstance.World(service.formatted(listen), null))) {
            answers = dialogue.hold(Integer.parseInt(listen.substring(listen.indexOf(':') + 1)), postfix::log);
        }
        List<PrivateDialogue.Step> steps = new ArrayList<>();
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
            PrivateDialogue.Step step = dialogue.steps().get(i);
            steps.add(new PrivateDialogue.Step(step.command(), answers.get(i), step.ours()));
            if (!answers.get(i).equals(step.theirs())) {
                differences.add(step + ": " + answers.get(i));
            }
        }
        if (Boolean.getBoolean("update")) {
            dialogue.write(steps);
        }
        assertThat(differences).isEmpty();
    }

    private static String main(Map<String, String> volume) {
        return MAIN.replace(
                                "RECEIVE",
                                volume.containsKey("postfix-receive-access.cf")
                                        ? "check_recipient_access texthash:/etc/postfix/receive_access, "
                                        : "")
                        .replace(
                                "SEND",
                                volume.containsKey("postfix-send-access.cf")
                                        ? "check_sender_access texthash:/etc/postfix/send_access, "
                                        : "")
                        .replace(
                                "SPOOF",
                                volume.getOrDefault("mailserver.env", "").contains("SPOOF_PROTECTION=1")
                                        ? "reject_authenticated_sender_login_mismatch, "
                                        : "")
                        .replace(" REGEXP", volume.containsKey("postfix-regexp.cf") ? ", pcre:/etc/postfix/regexp" : "")
                + volume.getOrDefault("postfix-main.cf", "");
    }

    /// As docker-mailserver's start makes them.
    private static Map<String, String> tables(Map<String, String> volume) {
        TreeSet<String> domains = new TreeSet<>();
        StringBuilder mailboxes = new StringBuilder();
        volume.getOrDefault("postfix-accounts.cf", "").lines().forEach(account -> {
            String[] parts = account.split("@", 2);
            domains.add(parts[1]);
            mailboxes.append(account + " " + parts[1] + "/" + parts[0] + "/\n");
        });
        String virtual = volume.getOrDefault("postfix-virtual.cf", "");
        virtual.lines().map(line -> line.split("\\s+", 2)[0]).forEach(key -> domains.add(key.split("@", 2)[1]));
        String env = volume.getOrDefault("mailserver.env", "");
        String postmaster = env.contains("POSTMASTER_ADDRESS=")
                ? env.replaceFirst("(?s).*POSTMASTER_ADDRESS=(\\S+).*", "$1")
                : "postmaster@home.example.com";
        Map<String, String> tables = new HashMap<>();
        tables.put("vhost", String.join("\n", domains) + "\n");
        tables.put("vmailbox", mailboxes.toString());
        tables.put("virtual", virtual);
        tables.put("regexp", volume.getOrDefault("postfix-regexp.cf", ""));
        tables.put(
                "aliases",
                ("root: " + postmaster + "\n" + volume.getOrDefault("postfix-aliases.cf", "")).replaceAll(":\\s", " "));
        tables.put("sender_login_maps.pcre", "/^(.*)$/ ${1}\n");
        tables.put("send_access", volume.getOrDefault("postfix-send-access.cf", ""));
        tables.put("receive_access", volume.getOrDefault("postfix-receive-access.cf", ""));
        return tables;
    }
}
