package postern;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.log.MailLog;
import postern.mailbox.AccountName;
import postern.mailbox.Mailbox;
import postern.mailbox.MailboxName;
import postern.mailbox.MailboxStore;
import postern.mailbox.MessageRef;
import postern.mailbox.Uid;
import postern.mailbox.sql.SqliteStore;
import postern.peers.Commands;
import postern.peers.LoopMount;

/// `kill -9` or a power cut in the middle of an import, some times, and then one that is let go on to its end: nothing
/// is here twice, nothing is missing, and all have the UIDs that they had.
class KilledImportTest {
    private static final int MESSAGES = 6000;
    private static final int KILLS = 4;
    private static final int CUTS = Integer.getInteger("postern.power.rounds", 2);
    private static final long PIECE = 1_500_000;

    @TempDir
    private Path directory;

    private Path tree() throws IOException {
        Path inbox = directory.resolve("tree/example.com/you");
        for (String part : List.of("cur", "new", "tmp")) {
            Files.createDirectories(inbox.resolve(part));
        }
        StringBuilder list = new StringBuilder("3 V1234 N" + 3 * MESSAGES + "\n");
        for (int i = 1; i < MESSAGES; i++) {
            Files.writeString(inbox.resolve("cur/" + i + ".m:2,S"), text(i));
            list.append(2 * i).append(" :").append(i).append(".m\n");
        }
        Files.writeString(inbox.resolve("new/" + MESSAGES + ".m"), text(MESSAGES));
        Files.writeString(inbox.resolve("dovecot-uidlist"), list);
        return directory.resolve("tree");
    }

    private static String text(int number) {
        return "Subject: " + number + "\n\n" + "a line of text\n".repeat(number % 200);
    }

    private Process start(Path tree, Path mail) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xmx256m",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "postern.Postern",
                        "import",
                        "maildir",
                        "--mail",
                        mail.toString(),
                        tree.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("said").toFile())
                .start();
    }

    private static long bytes(Path mail) throws IOException {
        Path texts = mail.resolve("postern/texts");
        if (Files.notExists(texts)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(texts)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }

    @Test
    void nothingComesTwiceAndNothingIsMissing() throws IOException, InterruptedException {
        Path tree = tree();
        Path mail = Files.createDirectory(directory.resolve("mail"));
        for (int kill = 1; kill <= KILLS; kill++) {
            Process process = startAndAwaitSome(tree, mail);
            process.destroyForcibly();
            process.onExit().join();
        }
        finish(tree, mail);
        verify(mail);
    }

    /// The file system of the mailboxes is shut down: the import hears that nothing more is kept, and says so.
    @ParameterizedTest
    @ValueSource(strings = {"ext4", "xfs"})
    void nothingComesTwiceAndNothingIsMissingAfterPowerCuts(String type) throws IOException, InterruptedException {
        try (LoopMount disk = new LoopMount(type, directory)) {
            Path tree = tree();
            Path mail = Files.createDirectory(disk.path().resolve("mail"));
            for (int cut = 0; cut < Math.min(CUTS, KILLS); cut++) {
                Process process = startAndAwaitSome(tree, mail);
                disk.cut(cut % 2 == 0 ? LoopMount.Journal.LOST : LoopMount.Journal.FLUSHED);
                if (!process.waitFor(1, TimeUnit.MINUTES)) {
                    process.destroyForcibly();
                    throw new AssertionError("the import goes on without a disk: " + said());
                }
                assertThat(process.exitValue()).as(said()).isNotZero();
                disk.recover();
                try (SqliteStore store = open(mail)) {
                    assertThat(store.check()).as("cut %d", cut).isEmpty();
                }
            }
            finish(tree, mail);
            verify(mail);
        }
    }

    private Process startAndAwaitSome(Path tree, Path mail) throws IOException {
        long enough = bytes(mail) + PIECE;
        Process process = start(tree, mail);
        Commands.await("some mail", Duration.ofMinutes(2), () -> !process.isAlive() || bytes(mail) > enough);
        assertThat(process.isAlive()).as(said()).isTrue();
        return process;
    }

    private void finish(Path tree, Path mail) throws IOException, InterruptedException {
        Process last = start(tree, mail);
        assertThat(last.waitFor()).as(said()).isZero();
    }

    private static SqliteStore open(Path mail) throws IOException {
        return SqliteStore.open(mail.resolve("postern"), InstantSource.system(), MailLog.none());
    }

    private static void verify(Path mail) throws IOException {
        try (MailboxStore store = open(mail)) {
            Mailbox inbox =
                    Objects.requireNonNull(store.mailbox(new AccountName("you@example.com"), MailboxName.INBOX));
            List<MessageRef> messages = store.messages(inbox, Uid.FIRST, Uid.LAST);
            assertThat(messages).hasSize(MESSAGES);
            for (int i = 1; i <= MESSAGES; i++) {
                MessageRef message = messages.get(i - 1);
                assertThat(message.uid().value()).isEqualTo(i == MESSAGES ? 3L * MESSAGES : 2L * i);
                try (InputStream text = store.open(message, 0)) {
                    assertThat(new String(text.readAllBytes(), StandardCharsets.US_ASCII))
                            .isEqualTo(text(i).replace("\n", "\r\n"));
                }
            }
            assertThat(store.check()).isEmpty();
        }
    }

    private String said() throws IOException {
        return Files.readString(directory.resolve("said"));
    }
}
