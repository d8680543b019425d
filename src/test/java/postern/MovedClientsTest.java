package postern;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import postern.peers.Commands;
import postern.peers.DovecotMail;
import postern.peers.ImapTalk;
import postern.peers.Sender;

/// Clients that leave mail on the server, first with Dovecot, then with the private server that has taken its mail
/// over: nothing is fetched twice.
class MovedClientsTest {
    @TempDir
    private Path directory;

    private Path privateFile(String name, String text) throws IOException {
        Path file = Files.writeString(directory.resolve(name), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }

    /// @return how many messages have come in all
    private long fetchmail(int port) throws IOException {
        Path box = directory.resolve("fetched");
        Path rc = privateFile("fetchmailrc", """
                set no syslog
                poll 127.0.0.1 port %d protocol pop3 uidl user "you@example.com" password "secret" sslproto '' keep mda "cat >> %s"
                """.formatted(port, box));
        Commands.Output output = Commands.tryRun(
                "env",
                "FETCHMAILHOME=" + directory,
                "fetchmail",
                "-f",
                rc.toString(),
                "-i",
                directory.resolve("fetchids").toString(),
                "--pidfile",
                directory.resolve("fetchmail.pid").toString());
        assertThat(output.status()).as(output.text()).isIn(0, 1);
        try (Stream<String> lines = Files.lines(box)) {
            return lines.filter(line -> line.startsWith("Subject: ")).count();
        }
    }

    /// @return how many messages have come in all
    private long mpop(int port) throws IOException {
        Path maildir = directory.resolve("mpop");
        for (String each : List.of("cur", "new", "tmp")) {
            Files.createDirectories(maildir.resolve(each));
        }
        Path rc = privateFile("mpoprc", """
                account a
                host 127.0.0.1
                port %d
                user you@example.com
                password secret
                auth user
                tls off
                keep on
                delivery maildir %s
                uidls_file %s
                """.formatted(port, maildir, directory.resolve("uidls")));
        Commands.run("mpop", "-C", rc.toString(), "-q", "a");
        try (Stream<Path> files = Files.list(maildir.resolve("new"))) {
            return files.count();
        }
    }

    private String run(Path mail, Path tree, String... more) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        List<String> words = new java.util.ArrayList<>(List.of("maildir", "--mail", mail.toString()));
        words.addAll(List.of(more));
        words.add(tree.toString());
        assertThat(PrivateImport.run(new Arguments(words), new PrintStream(out, true, StandardCharsets.UTF_8)))
                .as(out.toString(StandardCharsets.UTF_8))
                .isZero();
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void whatWasFetchedFromDovecotIsNotFetchedFromUs() throws IOException {
        Commands.need("dovecot", "fetchmail", "mpop");
        Commands.needRoot();
        DovecotMail dovecot = new DovecotMail(directory.resolve("dovecot"), "maildir", "");
        try (dovecot) {
            try (ImapTalk talk = dovecot.login("you@example.com")) {
                for (int i = 1; i <= 4; i++) {
                    talk.append("INBOX", "()", "01-Jan-2020 10:00:00 +0000", "Subject: " + i + "\r\n\r\ntext\r\n");
                }
                talk.ask("SELECT INBOX");
                talk.ask("UID STORE 2 +FLAGS (\\Deleted)");
                talk.ask("EXPUNGE");
            }
            assertThat(fetchmail(dovecot.popPort())).isEqualTo(3);
            assertThat(mpop(dovecot.popPort())).isEqualTo(3);
        }
        Path tree = dovecot.mail();
        Path waiting = Files.createDirectories(directory.resolve("home/state/spool-postfix/deferred/A"));
        Files.writeString(waiting.resolve("A1B2C3"), "mail");
        try (PrivateHome home = new PrivateHome(directory.resolve("home"))) {
            home.write("postfix-accounts.cf", "you@example.com|" + PrivateHome.hash("secret") + "\n")
                    .add("mailserver.env", "POSTERN_CLEARTEXT_AUTH=1\n");
            Path mail = Files.createDirectories(home.directory.resolve("mail"));
            Commands.run("cp", "-a", tree.resolve("example.com").toString(), mail.toString());
            PrivateServer.Places places = places(home, mail);
            assertThat(PrivatePredecessor.lines(places))
                    .hasSize(2)
                    .anyMatch(line -> line.contains("3 messages of 1 accounts"))
                    .anyMatch(line -> line.startsWith("1 messages wait in docker-mailserver's own queue"));
            assertThat(run(mail, mail, "--dry-run")).contains("3 messages to take");
            assertThat(run(mail, mail)).contains("3 messages taken");
            assertThat(PrivatePredecessor.lines(places)).hasSize(1);
            home.start();
            assertThat(fetchmail(home.port(110))).isEqualTo(3);
            assertThat(mpop(home.port(110))).isEqualTo(3);
            try (Sender sender = new Sender("127.0.0.1", home.port(25))) {
                sender.send("a@example.net", "you@example.com", "Subject: new\r\n\r\nx\r\n");
            }
            assertThat(fetchmail(home.port(110))).isEqualTo(4);
            assertThat(mpop(home.port(110))).isEqualTo(4);
        }
    }

    private static PrivateServer.Places places(PrivateHome home, Path mail) {
        return new PrivateServer.Places(home.config(), mail, home.state(), java.util.Map.of());
    }
}
