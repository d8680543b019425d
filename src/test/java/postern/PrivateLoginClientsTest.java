package postern;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import postern.peers.Commands;
import postern.peers.LineTalk;

/// Accounts as docker-mailserver writes them, and Debian's mail programs with no mechanism named: all log in,
/// before keys for SCRAM were learned and behind that.
class PrivateLoginClientsTest {
    private static final String PASSWORD = "correct horse";

    @TempDir
    private Path directory;

    private PrivateHome home;

    @BeforeEach
    void begin() throws IOException {
        Commands.need("msmtp", "gsasl", "fetchmail", "mpop", "getmail");
        home = new PrivateHome(directory);
        for (String account : List.of("you@example.com", "other@example.com")) {
            int code = Postern.run(
                    new String[] {"setup", "-c", home.config().toString(), "email", "add", account, PASSWORD},
                    new PrintStream(PrintStream.nullOutputStream()),
                    System.err);
            assertThat(code).isZero();
        }
        assertThat(Files.readString(home.config().resolve("postfix-accounts.cf")))
                .contains("|{SHA512-CRYPT}$6$");
    }

    @AfterEach
    void end() {
        if (home != null) {
            home.close();
        }
    }

    private Path privateFile(String name, String text) throws IOException {
        Path file = Files.writeString(directory.resolve(name), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }

    /// From one to the other, under TLS.
    private void msmtp(String from, String to, String subject) throws IOException {
        Path message = Files.writeString(directory.resolve("message"), "Subject: " + subject + "\n\ntext\n");
        Path password = privateFile("password", PASSWORD + "\n");
        Commands.run(
                "sh",
                "-c",
                "exec msmtp --file=/dev/null --host=127.0.0.1 --port=" + home.port(587)
                        + " --tls=on --tls-starttls=on --tls-certcheck=off --auth=on --user=" + from
                        + " '--passwordeval=cat " + password + "' -f " + from + " " + to + " <" + message);
    }

    private String gsasl(String user, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "gsasl",
                "--smtp",
                "--connect=127.0.0.1:" + home.port(587),
                "--x509-ca-file=",
                "--starttls",
                "-a",
                user,
                "-p",
                PASSWORD));
        command.addAll(List.of(options));
        return Commands.tryRun(command.toArray(String[]::new)).text();
    }

    private void fetchmail(String user, String options) throws IOException {
        Path box = directory.resolve("fetched");
        Path rc = privateFile("fetchmailrc", """
                set no syslog
                poll 127.0.0.1 port %d protocol pop3 user "%s" password "%s" %s fetchall nokeep mda "cat >> %s"
                """.formatted(home.port(110), user, PASSWORD, options, box));
        Commands.run(
                "env",
                "FETCHMAILHOME=" + directory,
                "fetchmail",
                "-f",
                rc.toString(),
                "--pidfile",
                directory.resolve("fetchmail.pid").toString());
    }

    private void mpop(String user) throws IOException {
        Path maildir = directory.resolve("mpop");
        for (String each : List.of("cur", "new", "tmp")) {
            Files.createDirectories(maildir.resolve(each));
        }
        Path rc = privateFile(
                "mpoprc", """
                account a
                host 127.0.0.1
                port %d
                user %s
                password %s
                auth on
                tls on
                tls_starttls on
                tls_certcheck off
                keep off
                delivery maildir %s
                uidls_file %s
                """.formatted(home.port(110), user, PASSWORD, maildir, directory.resolve("uidls")));
        Commands.run("mpop", "-C", rc.toString(), "-q", "a");
    }

    private void getmail(String user) throws IOException {
        Path box = Files.createDirectories(directory.resolve("getmail"));
        for (String each : List.of("cur", "new", "tmp")) {
            Files.createDirectories(box.resolve("box").resolve(each));
        }
        Files.writeString(box.resolve("getmailrc"), """
                [retriever]
                type = SimplePOP3SSLRetriever
                server = 127.0.0.1
                port = %d
                username = %s
                password = %s
                [destination]
                type = Maildir
                path = %s/box/
                [options]
                delete = true
                """.formatted(home.port(995), user, PASSWORD, box));
        List<String> command = new ArrayList<>();
        if ("root".equals(System.getProperty("user.name"))) {
            // It refuses to deliver as root.
            Commands.run("chown", "-R", "nobody", box.toString());
            Commands.run("chmod", "755", directory.toString());
            command.addAll(List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"));
        }
        command.addAll(List.of("env", "HOME=" + box, "getmail", "--getmaildir=" + box, "--rcfile=getmailrc"));
        Commands.run(command.toArray(String[]::new));
    }

    private List<String> mechanisms() throws IOException {
        try (LineTalk pop3 = new LineTalk("127.0.0.1", home.port(110))) {
            return pop3.list("AUTH").stream()
                    .filter(line -> !line.startsWith("+OK"))
                    .toList();
        }
    }

    private void all(String user) throws IOException {
        msmtp(user, user, "hello");
        assertThat(gsasl(user)).contains("235 2.7.0 Authentication successful");
        fetchmail(user, "sslproto 'tls1.2+' no sslcertck");
        mpop(user);
        getmail(user);
    }

    @Test
    void programsLogInWithoutAMechanismNamed() throws IOException {
        home.start();
        assertThat(mechanisms()).containsExactly("PLAIN", "LOGIN");
        all("you@example.com");
        for (String mechanism : List.of("PLAIN", "LOGIN")) {
            assertThat(gsasl("other@example.com", "-m", mechanism)).contains("235 2.7.0");
        }

        assertThat(mechanisms()).containsExactly("PLAIN", "LOGIN");
        assertThat(home.log())
                .noneMatch(line -> line.contains("authentication failed") || line.contains("auth failed:"));
    }

    @Test
    void theyStillDoOnceKeysWereLearned() throws IOException {
        home.add("mailserver.env", "POSTERN_SCRAM_LEARN=1\n").start();
        assertThat(mechanisms()).containsExactly("PLAIN", "LOGIN");
        msmtp("you@example.com", "you@example.com", "one");
        assertThat(mechanisms()).as("the other account has no keys").containsExactly("PLAIN", "LOGIN");
        msmtp("other@example.com", "you@example.com", "two");

        assertThat(mechanisms()).containsExactly("SCRAM-SHA-256", "PLAIN", "LOGIN");
        home.restart();
        assertThat(mechanisms()).containsExactly("SCRAM-SHA-256", "PLAIN", "LOGIN");
        all("you@example.com");
        for (String mechanism : List.of("SCRAM-SHA-256-PLUS", "PLAIN", "LOGIN")) {
            assertThat(gsasl("other@example.com", "-m", mechanism))
                    .as(mechanism)
                    .contains("235 2.7.0");
        }
        assertThat(gsasl("other@example.com", "-m", "SCRAM-SHA-256", "--no-cb")).contains("235 2.7.0");
        assertThat(gsasl("other@example.com")).contains("AUTH SCRAM-SHA-256").contains("235 2.7.0");
        assertThat(home.log())
                .noneMatch(line -> line.contains("authentication failed") || line.contains("auth failed:"));
    }
}
