package postern;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import postern.peers.LineTalk;
import postern.peers.Sender;

/// Who may log in at a private server, by SMTP and POP3, and as whom.
class PrivateLoginsTest {
    private static final String HERE = "127.0.0.1";

    @TempDir
    private Path directory;

    private PrivateHome home;

    @BeforeEach
    void begin() throws IOException {
        home = new PrivateHome(directory)
                .write(
                        "postfix-accounts.cf",
                        "you@example.com|" + PrivateHome.hash("secret") + "\nother@example.com|"
                                + PrivateHome.hash("another") + "\n")
                .write(
                        "postfix-virtual.cf",
                        "alias@example.com you@example.com\nnested@example.com alias@example.com\n")
                .write("dovecot-masters.cf", "admin|" + PrivateHome.hash("master") + "\n")
                .add("mailserver.env", "ENABLE_QUOTAS=1\nSPOOF_PROTECTION=1\n");
    }

    @AfterEach
    void end() {
        home.close();
    }

    private void deliver(String to) throws IOException {
        try (Sender sender = new Sender(HERE, home.port(25))) {
            sender.send("a@example.net", to, "Subject: hello\r\n\r\nfrom afar\r\n");
        }
    }

    private String stat(String user, String password) throws IOException {
        try (LineTalk pop3 = new LineTalk(HERE, home.port(110))) {
            pop3.ask("USER " + user);
            String answer = pop3.ask("PASS " + password);
            return answer.startsWith("+OK") ? pop3.ask("STAT") : answer;
        }
    }

    private static String plain(String authzid, String authcid, String password) {
        byte[] message = (authzid + "\0" + authcid + "\0" + password).getBytes(StandardCharsets.UTF_8);
        return Base64.getEncoder().encodeToString(message);
    }

    /// What is said to a sender address of somebody who has logged in.
    private String sends(String login, String password, String from) throws IOException {
        try (Sender sender = new Sender(HERE, home.port(587))) {
            assertThat(sender.command("AUTH PLAIN " + plain("", login, password)))
                    .startsWith("235");
            sender.command("MAIL FROM:<" + from + ">");
            return sender.command("RCPT TO:<other@example.com>");
        }
    }

    @Test
    void aliasReadsTheMailOfItsAccount() throws IOException {
        home.start();
        deliver("you@example.com");

        assertThat(stat("alias@example.com", "secret")).startsWith("+OK 1 ");
        assertThat(stat("you@example.com", "secret")).startsWith("+OK 1 ");
        assertThat(stat("nested@example.com", "secret")).startsWith("-ERR [AUTH]");
        assertThat(home.log())
                .anyMatch(line -> line.startsWith("pop3-login: Login: user=<alias@example.com>, method=PLAIN"));
    }

    @Test
    void aliasSendsAsItsAccountMay() throws IOException {
        home.start();

        assertThat(sends("alias@example.com", "secret", "alias@example.com")).startsWith("250");
        assertThat(sends("alias@example.com", "secret", "you@example.com")).startsWith("250");
        assertThat(sends("alias@example.com", "secret", "nested@example.com")).startsWith("250");
        assertThat(sends("alias@example.com", "secret", "other@example.com"))
                .isEqualTo("553 5.7.1 <other@example.com>: Sender address rejected: not owned by user"
                        + " alias@example.com");
        assertThat(sends("you@example.com", "secret", "alias@example.com")).startsWith("250");
        assertThat(sends("you@example.com", "secret", "nested@example.com")).startsWith("553 5.7.1");
    }

    @Test
    void masterUserReadsAndSendsAsTheOneHeNames() throws IOException {
        home.start();
        deliver("you@example.com");

        assertThat(stat("you@example.com*admin", "master")).startsWith("+OK 1 ");
        assertThat(stat("alias@example.com*admin", "master")).startsWith("+OK 1 ");
        assertThat(stat("nobody@example.com*admin", "master")).startsWith("-ERR [AUTH]");
        assertThat(stat("you@example.com", "master")).startsWith("-ERR [AUTH]");
        assertThat(sends("you@example.com*admin", "master", "you@example.com")).startsWith("250");
        assertThat(sends("you@example.com*admin", "master", "other@example.com"))
                .endsWith("not owned by user you@example.com");
        try (Sender sender = new Sender(HERE, home.port(587))) {
            assertThat(sender.command("AUTH PLAIN " + plain("you@example.com", "admin", "master")))
                    .startsWith("235");
        }
        assertThat(home.log())
                .anyMatch(line -> line.contains("Login: user=<you@example.com>, master=<admin>, method=PLAIN"))
                .anyMatch(line -> line.endsWith("[127.0.0.1]: logged in as you@example.com (master=<admin>)"));
    }
}
