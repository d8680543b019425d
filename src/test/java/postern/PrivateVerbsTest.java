package postern;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import postern.log.MailLog;
import postern.mailbox.AccountName;
import postern.mailbox.Flags;
import postern.mailbox.Incoming;
import postern.mailbox.MailboxName;
import postern.mailbox.sql.SqliteStore;
import postern.net.Deadlines;
import postern.net.DirectDialer;
import postern.net.Uptime;
import postern.peers.Sender;

/// What an administrator of a private server types, while it runs and while it does not.
class PrivateVerbsTest {
    private static final int[] PORTS = {25, 465, 587};

    @TempDir
    private Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Deadlines deadlines = new Deadlines(new Uptime()).start();
    private int offset;
    private @Nullable PrivateServer server;

    @BeforeEach
    void volume() throws IOException {
        for (String name : List.of("config", "mail", "state")) {
            Files.createDirectory(directory.resolve(name));
        }
        write("postfix-accounts.cf", "you@example.com|{PLAIN}secret\nother@example.com|{PLAIN}secret\n");
        write(
                "postfix-main.cf",
                "dms_smtpd_sender_restrictions = permit_sasl_authenticated\nsmtpd_peername_lookup = no\n");
        write("mailserver.env", """
                OVERRIDE_HOSTNAME=mail.home.example.com
                ENABLE_QUOTAS=1
                POSTFIX_MESSAGE_SIZE_LIMIT=20000000
                """);
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
        deadlines.close();
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve("config").resolve(name), text);
    }

    private void start() throws IOException {
        PrivateServer.Places places = new PrivateServer.Places(
                directory.resolve("config"), directory.resolve("mail"), directory.resolve("state"), Map.of());
        offset = freeOffset();
        server = PrivateServer.start(
                places.read(),
                places,
                new PublicServer.Surroundings(MailLog.none(), new DirectDialer(deadlines), deadlines, offset));
    }

    private static int freeOffset() {
        for (int offset = 21_000; offset < 60_000; offset += 1_313) {
            if (isFree(offset)) {
                return offset;
            }
        }
        throw new IllegalStateException("no ports are free");
    }

    private static boolean isFree(int offset) {
        for (int port : PORTS) {
            try (ServerSocket socket = new ServerSocket(port + offset)) {
                assertThat(socket.isBound()).isTrue();
            } catch (IOException e) {
                return false;
            }
        }
        return true;
    }

    /// A message of 1,000 bytes and what comes in front of it.
    private void deliver(String recipient) throws IOException {
        try (Sender sender = new Sender("127.0.0.1", 25 + offset)) {
            sender.send("a@example.net", recipient, "Subject: hello\r\n\r\n" + "x".repeat(980) + "\r\n");
        }
    }

    /// The same where no server runs.
    private void store(String account) throws IOException {
        try (SqliteStore store =
                        SqliteStore.open(directory.resolve("mail/postern"), () -> Instant.EPOCH, MailLog.none());
                Incoming incoming = store.incoming()) {
            incoming.write(ByteBuffer.wrap("x".repeat(1000).getBytes(StandardCharsets.US_ASCII)));
            incoming.commit(List.of(
                    new Incoming.Place(new AccountName(account), MailboxName.INBOX, "", Flags.NONE, Instant.EPOCH)));
        }
    }

    private int run(String verb, String... words) {
        List<String> all = new ArrayList<>(List.of(
                verb,
                "-c",
                directory.resolve("config").toString(),
                "--mail",
                directory.resolve("mail").toString(),
                "--state",
                directory.resolve("state").toString()));
        all.addAll(List.of(words));
        return postern(all.toArray(String[]::new));
    }

    private int postern(String... words) {
        out.reset();
        err.reset();
        PrintStream before = System.err;
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        try {
            return Postern.run(words, new PrintStream(out, true, StandardCharsets.UTF_8), System.err);
        } finally {
            System.setErr(before);
        }
    }

    private String said() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String complained() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aRunningServerIsAsked() throws IOException {
        start();
        deliver("you@example.com");
        assertThat(run("status")).isZero();
        assertThat(said())
                .startsWith("postern private, up 0 days 0:00:")
                .contains("queue: 0 waiting")
                .contains("mailboxes: 1 account has 0 MB of mail\n");
        assertThat(run("mailq")).isZero();
        assertThat(said()).isEqualTo("Mail queue is empty\n");
        assertThat(run("usage")).isZero();
        assertThat(said()).matches("1[0-9]{3} you@example.com\n");
        assertThat(run("check")).isZero();
        assertThat(said()).endsWith("0 messages can be read, 0 cannot\nthe mailboxes are sound\n");
        assertThat(run("reload")).isZero();
    }

    @Test
    void withoutAServerItsFilesAreLookedInto() throws IOException {
        assertThat(run("usage")).isZero();
        assertThat(said()).isEmpty();
        assertThat(run("check")).isZero();
        assertThat(directory.resolve("mail")).isEmptyDirectory();
        assertThat(directory.resolve("state")).isEmptyDirectory();

        store("you@example.com");
        assertThat(run("usage", "You@example.com", "other@example.com")).isZero();
        assertThat(said()).isEqualTo("1000 you@example.com\n0 other@example.com\n");
        assertThat(run("check")).isZero();
        assertThat(said()).endsWith("the mailboxes are sound\n");
        assertThat(run("status")).isEqualTo(69);
        assertThat(said()).startsWith("no server runs here\n");
        assertThat(run("reload")).isEqualTo(69);
    }

    @Test
    void setupListsWhatAccountsHaveAndRemovesTheirMail() throws IOException {
        assertThat(run("setup", "email", "list")).isZero();
        assertThat(said()).contains("* you@example.com ( ? / ~ ) [?]");
        store("you@example.com");
        assertThat(run("setup", "quota", "set", "you@example.com", "10k")).isZero();
        assertThat(run("setup", "email", "list")).isZero();
        assertThat(said())
                .contains("* you@example.com ( 1000 / 10K ) [9%]")
                .contains("* other@example.com ( 0 / ~ ) [0%]");
        assertThat(run("setup", "email", "del", "-n", "other@example.com")).isZero();
        assertThat(run("setup", "email", "del", "-y", "you@example.com")).isZero();
        assertThat(complained()).isEmpty();
        assertThat(run("usage")).isZero();
        assertThat(said()).isEqualTo("0 you@example.com\n");
    }

    @Test
    void setupAsksTheRunningServerForTheSame() throws IOException {
        start();
        deliver("you@example.com");
        deliver("other@example.com");
        assertThat(run("setup", "email", "list")).isZero();
        assertThat(said())
                .containsPattern("\\* you@example.com \\( 1.[0-9]K / ~ \\) \\[0%\\]")
                .containsPattern("\\* other@example.com \\( 1.[0-9]K / ~ \\) \\[0%\\]");
        assertThat(run("setup", "email", "del", "-y", "you@example.com")).isZero();
        assertThat(run("usage", "you@example.com")).isZero();
        assertThat(said()).isEqualTo("0 you@example.com\n");
        // the server knows at once that the account is gone
        try (Sender sender = new Sender("127.0.0.1", 25 + offset)) {
            sender.command("MAIL FROM:<a@example.net>");
            assertThat(sender.command("RCPT TO:<you@example.com>")).startsWith("550");
            assertThat(sender.command("RCPT TO:<other@example.com>")).startsWith("250");
        }
    }

    @Test
    void setupWithoutMailboxesSaysWhereItLooked() {
        assertThat(run("setup", "email", "del", "-y", "you@example.com")).isZero();
        assertThat(said()).contains("'you@example.com' had no mail here");
    }

    @Test
    void postconfShowsWhatTheVolumeComesToAndWhereItComesFrom() throws IOException {
        assertThat(run("postconf", "message_size_limit", "smtpd_peername_lookup", "recipient_delimiter"))
                .isZero();
        assertThat(said()).isEqualTo("""
                message_size_limit = 20000000
                    # docker-mailserver (mailserver.env:3: POSTFIX_MESSAGE_SIZE_LIMIT): works
                smtpd_peername_lookup = no
                    # postfix-main.cf:2: works
                recipient_delimiter = +
                    # docker-mailserver: works
                """);
        assertThat(run("postconf", "-n")).isZero();
        assertThat(directory.resolve("state")).isEmptyDirectory();
    }

    @Test
    void checkRefusesWhatAStartRefusesInTheSameWords() throws IOException {
        write("postfix-main.cf", "mynetworks = 192.168.2.1/24\n");
        assertThat(run("check")).isEqualTo(78);
        assertThat(complained()).contains("postfix-main.cf:1: mynetworks:");
        write("postfix-main.cf", "");
        write("postfix-regexp.cf", "/(/ you@example.com\n");
        run("check");
        assertThat(said() + complained())
                .contains(directory.resolve("state/postern/etc") + "/regexp")
                .doesNotContain("postern-check");
        Files.delete(directory.resolve("config/postfix-regexp.cf"));
        write("mailserver.env", "OVERRIDE_HOSTNAME=mail.home.example.com\nENABLE_CLAMAV=1\n");
        assertThat(run("check")).isEqualTo(78);
        assertThat(complained()).contains("ENABLE_CLAMAV").contains("POSTERN_WITHOUT");
        assertThat(run("mailq"))
                .as("a mistake elsewhere keeps nobody from his queue")
                .isZero();
    }

    @Test
    void aBackupIsTakenWhileTheServerRunsAndComesBackElsewhere() throws IOException {
        Path backup = directory.resolve("backup");
        assertThat(run("backup", backup.toString())).isEqualTo(69);
        assertThat(complained()).contains("there are no mailboxes in " + directory.resolve("mail/postern"));
        start();
        deliver("you@example.com");
        assertThat(run("backup", backup.toString())).isZero();
        assertThat(said()).contains("config: 3 files").endsWith("backup 1 is whole\n");
        deliver("you@example.com");
        assertThat(run("backup")).isEqualTo(64);
        assertThat(complained()).isEqualTo("postern: backup wants one directory to write to\n");

        assertThat(postern("restore", "--verify", backup.toString())).isZero();
        assertThat(said()).contains("is sound: ");
        assertThat(run("restore", backup.toString())).as("the server runs").isNotZero();
        Path config = Files.createDirectory(directory.resolve("config2"));
        Path mail = Files.createDirectory(directory.resolve("mail2"));
        String[] elsewhere = {"-c", config.toString(), "--mail", mail.toString()};
        assertThat(postern("restore", elsewhere[0], elsewhere[1], elsewhere[2], elsewhere[3], backup.toString()))
                .isZero();
        assertThat(said()).contains("mailboxes: " + mail.resolve("postern")).contains("config: 3 files in " + config);
        assertThat(postern("restore", elsewhere[0], elsewhere[1], elsewhere[2], elsewhere[3], backup.toString()))
                .isEqualTo(69);
        assertThat(complained()).contains("there are mailboxes in " + mail.resolve("postern") + ": --replace");
        assertThat(config.resolve("postfix-accounts.cf"))
                .hasSameTextualContentAs(directory.resolve("config/postfix-accounts.cf"));
        assertThat(postern(
                        "usage",
                        "-c",
                        config.toString(),
                        "--mail",
                        mail.toString(),
                        "--state",
                        Files.createDirectory(directory.resolve("state2")).toString()))
                .isZero();
        assertThat(said()).matches("1[0-9]{3} you@example.com\n");
        assertThat(postern("restore")).isEqualTo(64);
        assertThat(postern("restore", "--verify", config.toString())).isEqualTo(69);
        assertThat(complained()).isEqualTo("postern: " + config + ": there is no backup here: INVENTORY is missing\n");
    }

    @Test
    void aDirectoryThatIsNeitherIsNamed() throws IOException {
        Path empty = Files.createDirectory(directory.resolve("empty"));
        assertThat(postern("mailq", "-c", empty.toString())).isEqualTo(78);
        assertThat(complained())
                .isEqualTo("postern: " + empty + ": neither a Postfix directory, which has a main.cf, nor"
                        + " docker-mailserver's config volume, which has a postfix-accounts.cf or mailserver.env\n");
        Files.writeString(empty.resolve("main.cf"), "queue_directory = " + empty + "\n");
        assertThat(postern("usage", "-c", empty.toString())).isEqualTo(64);
        assertThat(complained()).isEqualTo("postern: there are no mailboxes on a public server\n");
    }
}
