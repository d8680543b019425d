package postern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import postern.ldap.TestDirectory;
import postern.peers.LineTalk;
import postern.peers.Sender;

/// A private server whose accounts are in a directory: mail in, logins, mail out, and the directory away.
class PrivateLdapTest {
    private static final String HERE = "127.0.0.1";

    @TempDir
    private Path directory;

    private final TestDirectory ldap = new TestDirectory()
            .person(
                    "you",
                    "you@example.com",
                    "{PLAIN}secret",
                    "mailStorageDirectory: /var/mail/example.com/you/",
                    "mailAlias: chef@example.com")
            .person("me", "me@example.com", "{PLAIN}mine", "mailGroupMember: all@example.com")
            .person("she", "she@example.net", "{PLAIN}hers", "mailGroupMember: all@example.com", "quota: 2000");
    private PrivateHome home;

    @BeforeEach
    void begin() throws IOException {
        home = new PrivateHome(directory)
                .add(
                        "mailserver.env",
                        "ACCOUNT_PROVISIONER=LDAP\nLDAP_SERVER_HOST=" + ldap.url() + "\nLDAP_SEARCH_BASE="
                                + TestDirectory.BASE
                                + "\nLDAP_BIND_DN=cn=admin,dc=example,dc=com\nLDAP_BIND_PW=admin\nSPOOF_PROTECTION=1\n"
                                + "DOVECOT_USER_ATTRS=mailStorageDirectory=mail,quota=quota_rule=*:bytes=%$\n");
    }

    @AfterEach
    void end() {
        home.close();
        ldap.close();
    }

    private String rcpt(String to) throws IOException {
        try (Sender sender = new Sender(HERE, home.port(25))) {
            sender.command("MAIL FROM:<a@example.org>");
            return sender.command("RCPT TO:<" + to + ">");
        }
    }

    private void deliver(String to, String text) throws IOException {
        try (Sender sender = new Sender(HERE, home.port(25))) {
            sender.send("a@example.org", to, "Subject: hello\r\n\r\n" + text + "\r\n");
        }
    }

    private String stat(String user, String password) throws IOException {
        try (LineTalk pop3 = new LineTalk(HERE, home.port(110))) {
            pop3.ask("USER " + user);
            String answer = pop3.ask("PASS " + password);
            return answer.startsWith("+OK") ? pop3.ask("STAT") : answer;
        }
    }

    private static String plain(String login, String password) {
        byte[] message = ("\0" + login + "\0" + password).getBytes(StandardCharsets.UTF_8);
        return "AUTH PLAIN " + Base64.getEncoder().encodeToString(message);
    }

    private String sends(String login, String password, String from) throws IOException {
        try (Sender sender = new Sender(HERE, home.port(587))) {
            String answer = sender.command(plain(login, password));
            if (!answer.startsWith("235")) {
                return answer;
            }
            sender.command("MAIL FROM:<" + from + ">");
            return sender.command("RCPT TO:<you@example.com>");
        }
    }

    @Test
    void mailReachesThoseWhomTheDirectoryKnows() throws IOException {
        home.start();
        deliver("You@example.com", "1");
        deliver("chef@example.com", "2");
        deliver("all@example.com", "3");
        deliver("you+lists@example.com", "4");
        assertThat(rcpt("nobody@example.com")).startsWith("550 5.1.1");
        assertThat(rcpt("a@elsewhere.example")).startsWith("554 5.7.1");
        assertThat(stat("you", "secret")).startsWith("+OK 3 ");
        assertThat(stat("me", "mine")).startsWith("+OK 1 ");
        assertThat(stat("she@example.net", "hers")).startsWith("+OK 1 ");
        assertThat(rcpt("she@example.net")).startsWith("250");
        assertThatThrownBy(() -> deliver(
                        "she@example.net", "x".repeat(900).concat("\r\n").repeat(3)))
                .as("a quota that DOVECOT_USER_ATTRS names")
                .hasMessageContaining("552 5.2.2");
    }

    @Test
    void loginsAreCheckedByThePasswordAttribute() throws IOException {
        home.start();
        assertThat(sends("you", "secret", "you@example.com")).startsWith("250");
        assertThat(sends("you", "secret", "chef@example.com")).startsWith("250");
        assertThat(sends("you", "secret", "me@example.com")).startsWith("553 5.7.1");
        assertThat(sends("you", "wrong", "you@example.com")).startsWith("535 5.7.8");
        assertThat(sends("nobody", "secret", "you@example.com")).startsWith("535 5.7.8");
        assertThat(sends("*", "secret", "you@example.com")).startsWith("535 5.7.8");
        assertThat(sends("you)(mail=*", "secret", "you@example.com")).startsWith("535 5.7.8");
    }

    @Test
    void loginsAreCheckedByABind() throws IOException {
        ldap.person("tom", "tom@example.com", "cat");
        home.add("mailserver.env", "DOVECOT_AUTH_BIND=yes\nDOVECOT_PASS_FILTER=(mail=%u)\n")
                .start();
        assertThat(sends("tom@example.com", "cat", "tom@example.com")).startsWith("250");
        assertThat(sends("tom@example.com", "dog", "tom@example.com")).startsWith("535 5.7.8");
        deliver("tom@example.com", "hello");
        assertThat(stat("tom@example.com", "cat")).startsWith("+OK 1 ");
    }

    /// `ENABLE_SASLAUTHD=1` as docker-mailserver's own example has it, with a filter that is narrower than Dovecot's.
    @Test
    void saslauthdsFilterCountsToo() throws IOException {
        home.add(
                        "mailserver.env",
                        "ENABLE_SASLAUTHD=1\nSASLAUTHD_MECHANISMS=ldap\nSASLAUTHD_LDAP_SERVER=" + ldap.url()
                                + "\nSASLAUTHD_LDAP_FILTER=(&(uniqueIdentifier=%U)(mailAlias=chef@example.com))\n")
                .start();
        assertThat(sends("you", "secret", "you@example.com")).startsWith("250");
        assertThat(sends("me", "mine", "me@example.com")).startsWith("535 5.7.8");
    }

    /// A directory that is away is a temporary failure everywhere: nobody is unknown, no password is wrong.
    @Test
    void aDirectoryThatIsAwayIsATemporaryFailure() throws IOException {
        home.start();
        deliver("you@example.com", "before");
        ldap.stop();
        assertThat(rcpt("me@example.com")).startsWith("451 4.3.0");
        assertThat(rcpt("nobody@example.com")).startsWith("451 4.3.0");
        assertThat(sends("me", "mine", "me@example.com")).startsWith("454 4.7.0");
        assertThat(stat("me", "mine")).startsWith("-ERR [SYS/TEMP]");
        ldap.start();
        postern.peers.Commands.await(
                "the directory",
                java.time.Duration.ofSeconds(60),
                () -> rcpt("me@example.com").startsWith("250"));
        assertThat(rcpt("nobody@example.com")).startsWith("550 5.1.1");
        assertThat(stat("me", "mine")).startsWith("+OK 0 ");
    }

    /// Files of the volume take the place of docker-mailserver's own; what is set as a variable goes over their
    /// lines.
    @Test
    void filesOfTheVolumeCount() throws IOException {
        String file = "server_host = ldap://nowhere.example\nsearch_base = dc=nowhere\nbind = no\n"
                + "result_attribute = mail\ntls_require_cert = no\n";
        home.write("ldap-aliases.cf", file + "query_filter = (mailNickname=%s)\n")
                .write("ldap-senders.cf", file + "query_filter = (|(mail=%s)(mail=me@example.com))\n");
        ldap.person("sue", "sue@example.com", "{PLAIN}x", "mailNickname: susi@example.com");
        home.start();
        deliver("susi@example.com", "1");
        assertThat(stat("sue", "x")).startsWith("+OK 1 ");
        assertThat(rcpt("chef@example.com")).startsWith("550 5.1.1");
        assertThat(sends("me", "mine", "you@example.com")).startsWith("250");
        String made = Files.readString(home.state().resolve("postern/etc/ldap-aliases.cf"));
        assertThat(made).contains("server_host = " + ldap.url(), "bind = no", "tls_require_cert = no");
        assertThat(Files.readString(home.state().resolve("postern/etc/ldap-users.cf")))
                .contains("tls_require_cert = yes");
    }

    @Test
    void theFilesOfTheFileProvisionerHaveNoEffect() throws IOException {
        home.write("postfix-accounts.cf", "old@example.com|" + PrivateHome.hash("old") + "\n")
                .write("postfix-virtual.cf", "alias@example.com you@example.com\n")
                .start();
        assertThat(rcpt("old@example.com")).startsWith("550 5.1.1");
        assertThat(rcpt("alias@example.com")).startsWith("550 5.1.1");
        assertThat(sends("old@example.com", "old", "old@example.com")).startsWith("535");
        assertThat(home.log())
                .anyMatch(line -> line.contains("postfix-accounts.cf has no effect with ACCOUNT_PROVISIONER=LDAP"))
                .anyMatch(line -> line.contains("postfix-virtual.cf has no effect"));
    }

    @Test
    void whatIsMissingIsNamed() throws IOException {
        home.write("mailserver.env", "OVERRIDE_HOSTNAME=mail.home.example.com\nACCOUNT_PROVISIONER=LDAP\n");
        assertThatThrownBy(home::start).hasMessageContaining("LDAP_SERVER_HOST");
        home.write("mailserver.env", "OVERRIDE_HOSTNAME=mail.home.example.com\nACCOUNT_PROVISIONER=OIDC\n");
        assertThatThrownBy(home::start).hasMessageContaining("not yet implemented");
    }
}
