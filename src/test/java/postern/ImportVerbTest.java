package postern;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import postern.log.MailLog;
import postern.mailbox.MailboxStore;
import postern.mailbox.sql.SqliteStore;
import postern.peers.Commands;
import postern.peers.DovecotMail;
import postern.peers.ImapTalk;

/// `postern import` and `postern export` as they are typed.
class ImportVerbTest {
    @TempDir
    private Path directory;

    private Path mail;

    @BeforeEach
    void begin() throws IOException {
        mail = Files.createDirectory(directory.resolve("mail"));
    }

    private record Said(int code, String text) {}

    private Said run(String... words) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream to = new PrintStream(said, true, StandardCharsets.UTF_8);
        int code = Postern.run(words, to, to);
        return new Said(code, said.toString(StandardCharsets.UTF_8));
    }

    private Said take(String... words) {
        List<String> all = new ArrayList<>(List.of("import"));
        all.addAll(List.of(words));
        all.addAll(List.of("--mail", mail.toString()));
        return run(all.toArray(String[]::new));
    }

    private Path maildir() throws IOException {
        Path maildir = directory.resolve("one");
        for (String part : List.of("cur", "new", "tmp")) {
            Files.createDirectories(maildir.resolve(part));
        }
        Files.writeString(maildir.resolve("cur/1.a:2,S"), "Subject: x\n\ny\n");
        return maildir;
    }

    @Test
    void loneMaildirWantsAnAccountAndComesBack() throws IOException {
        String one = maildir().toString();
        assertThat(take("maildir", one))
                .matches(said -> said.code() == 64 && said.text().contains("--account"));
        assertThat(take("maildir", "--account", "you@example.com", one)).matches(said -> said.code() == 0);
        Path back = directory.resolve("back");
        Said out = run("export", "maildir", "--mail", mail.toString(), back.toString());
        assertThat(out.text()).isEqualTo("1 account, 1 mailbox: 1 message written (1 kB)\n");
        assertThat(back.resolve("example.com/you/dovecot-uidlist")).exists();
        Said again = run("export", "maildir", "--mail", mail.toString(), back.toString());
        assertThat(again.code()).isEqualTo(1);
        assertThat(again.text()).contains("is there already: left out");
        String files = directory.resolve("files").toString();
        assertThat(run("export", "mbox", "--mail", mail.toString(), files).code())
                .isZero();
        assertThat(take("mbox", "--account", "other@example.com", files + "/example.com/you/INBOX")
                        .text())
                .contains("1 message taken");
    }

    @Test
    void whatIsLeftOutMakesTheExitCodeOne() throws IOException {
        Path one = maildir();
        Files.createDirectory(one.resolve("cur/2.b"));
        Said said = take("maildir", "--account", "you@example.com", one.toString());
        assertThat(said.code()).isEqualTo(1);
        assertThat(said.text()).contains("2.b is not a file: left out").contains("1 message taken");
    }

    @Test
    void besideARunningServerItSaysWhatToDo() throws IOException {
        try (MailboxStore running = SqliteStore.open(mail.resolve("postern"), InstantSource.system(), MailLog.none())) {
            Said said =
                    take("maildir", "--account", "you@example.com", maildir().toString());
            assertThat(said.code()).isEqualTo(71);
            assertThat(said.text()).contains("stop the private server first");
            assertThat(running.accounts()).isEmpty();
            assertThat(take(
                                    "maildir",
                                    "--dry-run",
                                    "--account",
                                    "you@example.com",
                                    maildir().toString())
                            .text())
                    .contains("1 message to take");
        }
    }

    @Test
    void wrongWordsAreNamed() {
        assertThat(take("imap").text()).contains("--host");
        assertThat(take("imap", "--host", "h", "--user", "u@d", "--tls", "maybe")
                        .text())
                .contains("--tls wants implicit, starttls or none");
        assertThat(take("what").text()).contains("one of maildir, mbox, imap");
        assertThat(take("--help").text()).startsWith("usage: postern import maildir");
        assertThat(run("export", "--help").text()).startsWith("usage: postern export");
    }

    /// The certificate of the server is checked, at once and behind STARTTLS.
    @Test
    void passwordsGoOnlyToAServerThatIsTheOne() throws IOException {
        Commands.need("dovecot");
        Commands.needRoot();
        String password =
                Files.writeString(directory.resolve("password"), "secret\n").toString();
        try (DovecotMail dovecot = new DovecotMail(directory.resolve("dovecot"), "sdbox", "")) {
            try (ImapTalk talk = dovecot.login("you@example.com")) {
                talk.append("INBOX", "()", "01-Jan-2020 10:00:00 +0000", "A: b\r\n\r\nx\r\n");
            }
            String[] login = {
                "imap", "--host", "localhost", "--user", "you@example.com", "--password-file", password, "--port"
            };
            String wrapped = Integer.toString(dovecot.imapsPort());
            String plain = Integer.toString(dovecot.imapPort());
            String ca = dovecot.certificate().toString();
            Said stranger = take(with(login, wrapped));
            assertThat(stranger.code()).as(stranger.text()).isEqualTo(1);
            assertThat(stranger.text()).contains("0 messages taken");
            Said known = take(with(login, wrapped, "--ca", ca));
            assertThat(known.text()).contains("1 message taken");
            Said later = take(with(login, plain, "--ca", ca, "--tls", "starttls"));
            assertThat(later.text()).contains("1 there already");
            assertThat(take(with(login, plain, "--no-verify", "--tls", "starttls"))
                            .code())
                    .isZero();
        }
    }

    private static String[] with(String[] words, String... more) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }
}
