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
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import postern.net.SelfSigned;
import postern.peers.Commands;
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
            String stat = answer.startsWith("+OK") ? pop3.ask("STAT") : answer;
            pop3.ask("QUIT");
            return stat;
        }
    }

    private static String plain(String authzid, String authcid, String password) {
        byte[] message = (authzid + "\0" + authcid + "\0" + password).getBytes(StandardCharsets.UTF_8);
        return Base64.getEncoder().encodeToString(message);
    }

    /// What is said to a sender address of somebody who has logged in.
    private String sends(String login, String password, String from) throws IOException {
        return sends(login, password, from, "other@example.com");
    }

    private String sends(String login, String password, String from, String to) throws IOException {
        try (Sender sender = new Sender(HERE, home.port(587))) {
            assertThat(sender.command("AUTH PLAIN " + plain("", login, password)))
                    .startsWith("235");
            sender.command("MAIL FROM:<" + from + ">");
            return sender.command("RCPT TO:<" + to + ">");
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

    /// Each scheme of Dovecot's that the volume may have, with the same password.
    @Test
    void everySchemeLogsIn() throws IOException {
        List<String> schemes = List.of(
                "{PLAIN}Grüße pass",
                "{SSHA}V+lFx2z6jTZxOSyC/kG6njqtqMoxMjM0NTY3OA==",
                "{SSHA256}XwtkZsvIvSUt7fUJJbUhmUMyYfSHrZSFoCMEaBBLH18xMjM0NTY3OA==",
                "{SSHA512}FITwdwXjXG4dp12Dqhvold0FcfXYV1Fme95KEwm0XFrY0/rrjHONxnRQpQiTDvEp0jwvsel1I7n+7i3jNdnRdjEyMzQ1Njc4",
                "$6$abcdefgh$Ju5r/W31jqNNCC54G5xTAPgcLa.m/tRFkt0Oyg4W0Xlddy64vG0C08Fp8TNWMztpBmbkI.J5TundkZhcbBi831",
                "{SHA512-CRYPT}$6$abcdefgh$Ju5r/W31jqNNCC54G5xTAPgcLa.m/tRFkt0Oyg4W0Xlddy64vG0C08Fp8TNWMztpBmbkI.J5TundkZhcbBi831|userdb_mail=x",
                "{SHA256-CRYPT}$5$abcdefgh$LMM6.usc/CzHkRdfVZvywbFWhaJAsIyXWMIMAW5QSH/",
                "{BLF-CRYPT}$2y$05$abcdefghijklmnopqrstuuFKE9c0hhR9GG6mjLL.tiEalrY6ZJiKC",
                "{PBKDF2}$1$NaCl$5000$41705ae235ca0b7d444cdcb155898a9d3f7e90ad",
                "{ARGON2ID}$argon2id$v=19$m=256,t=2,p=1$c2FsdHNhbHQ$glddgR2aHdZxM2OjJ4nf9ev99XlBLA4PjRfS68Y6lX0",
                "{ARGON2I}$argon2i$v=19$m=256,t=3,p=1$c2FsdHNhbHQ$YFVjkdct/RThLv58uvHTcfvB6HJLE796hr5O3Uqofxc",
                "{SCRAM-SHA-256}4096,MDEyMzQ1Njc4OWFiY2RlZg==,XROrPrD+Z180e35vYp0Jhj+ibFrp8QNm8eUA2oNvp1k=,1Ne/huBNLjILTMkt6HUzemv9sN5LgmsBlRu18zKfZaE=");
        StringBuilder accounts = new StringBuilder();
        for (int i = 0; i < schemes.size(); i++) {
            accounts.append("a")
                    .append(i)
                    .append("@example.com|")
                    .append(schemes.get(i))
                    .append('\n');
        }
        home.write("postfix-accounts.cf", accounts.toString())
                .write("postfix-virtual.cf", "")
                .start();

        for (int i = 0; i < schemes.size(); i++) {
            assertThat(stat("a" + i + "@example.com", "Grüße pass"))
                    .as(schemes.get(i))
                    .startsWith("+OK 0");
            assertThat(sends("a" + i + "@example.com", "Grüße pass", "a" + i + "@example.com", "a0@example.com"))
                    .as(schemes.get(i))
                    .startsWith("250");
        }
    }

    /// `postern setup email apppass add` and what it makes.
    @Test
    void appPasswordReadsAndSends() throws IOException {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        Postern.run(
                new String[] {
                    "setup", "-c", home.config().toString(), "email", "apppass", "add", "you@example.com", "phone"
                },
                new PrintStream(said, true, StandardCharsets.UTF_8),
                System.err);
        String password = said.toString(StandardCharsets.UTF_8).strip();
        home.start();

        assertThat(stat("you@example.com", password)).startsWith("+OK 0");
        assertThat(sends("you@example.com", password, "you@example.com")).startsWith("250");
        assertThat(stat("other@example.com", password)).startsWith("-ERR [AUTH]");
        assertThat(home.log())
                .anyMatch(line -> line.contains("Login: user=<you@example.com>, app=<phone>, method=PLAIN"));
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

    /// With the certificate that the volume names, and with another.
    @Test
    void clientCertificateLogsIn() throws IOException {
        Commands.need("curl");
        SelfSigned mine = SelfSigned.of(List.of("laptop"), Instant.now().minusSeconds(3600), Duration.ofDays(1));
        SelfSigned another = SelfSigned.of(List.of("laptop"), Instant.now().minusSeconds(3600), Duration.ofDays(1));
        Path pem = Files.writeString(directory.resolve("mine.pem"), mine.certificatePem() + mine.keyPem());
        Path other = Files.writeString(directory.resolve("other.pem"), another.certificatePem() + another.keyPem());
        int code = Postern.run(
                new String[] {
                    "setup", "-c", home.config().toString(), "email", "cert", "add", "you@example.com", pem.toString()
                },
                System.out,
                System.err);
        assertThat(code).isZero();
        home.start();
        deliver("you@example.com");

        assertThat(curl(pem, "you%40example.com").text()).startsWith("1 ");
        assertThat(curl(pem, "other%40example.com").status()).isNotZero();
        assertThat(curl(other, "you%40example.com").status()).isNotZero();
        assertThat(home.log())
                .anyMatch(line -> line.contains("Login: user=<you@example.com>, certificate, method=EXTERNAL"));
    }

    private Commands.Output curl(Path pem, String user) throws IOException {
        return Commands.tryRun(
                "curl",
                "-sS",
                "-k",
                "-m",
                "60",
                "--cert",
                pem.toString(),
                "pop3s://" + user + ";AUTH=EXTERNAL@127.0.0.1:" + home.port(995) + "/");
    }

    /// Many logins with a slow hash at once: mail is taken meanwhile, each login is answered, none is forgotten.
    @Test
    void manySlowHashesStopNothing() throws IOException {
        home.write(
                        "postfix-accounts.cf",
                        "you@example.com|{BLF-CRYPT}$2y$05$abcdefghijklmnopqrstuuFKE9c0hhR9GG6mjLL.tiEalrY6ZJiKC\n"
                                + "other@example.com|{ARGON2ID}$argon2id$v=19$m=16384,t=2,p=1$c2FsdHNhbHQ$"
                                + "glddgR2aHdZxM2OjJ4nf9ev99XlBLA4PjRfS68Y6lX0\n")
                .add("postfix-main.cf", "smtpd_authorized_xclient_hosts = 127.0.0.1\nsmtpd_tls_auth_only = no\n")
                .write("postfix-master.cf", "submission/inet/smtpd_tls_security_level=may\n")
                .start();
        List<Sender> senders = new ArrayList<>();
        try {
            for (int i = 0; i < 40; i++) {
                Sender sender = new Sender(HERE, home.port(587));
                senders.add(sender);
                sender.command("XCLIENT ADDR=198.51.100." + i);
                sender.command("EHLO client.example");
                String login = i % 2 == 0 ? "you@example.com" : "other@example.com";
                sender.say("AUTH PLAIN " + plain("", login, "Grüße pass"));
            }
            deliver("you@example.com");
            for (int i = 0; i < senders.size(); i++) {
                assertThat(senders.get(i).answer()).matches(i % 2 == 0 ? "(235|454) .*" : "(535|454) .*");
            }
        } finally {
            for (Sender sender : senders) {
                sender.close();
            }
        }
    }
}
