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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import postern.log.MailLog;
import postern.mailbox.AccountName;
import postern.mailbox.Mailbox;
import postern.mailbox.MailboxName;
import postern.mailbox.MailboxStore;
import postern.mailbox.MessageRef;
import postern.mailbox.Uid;
import postern.mailbox.sql.SqliteStore;
import postern.peers.Commands;

/// `kill -9` in the middle of an import, some times, and then one that is let go on to its end: nothing is here
/// twice, nothing is missing, and all have the UIDs that they had.
class KilledImportTest {
    private static final int MESSAGES = 6000;
    private static final int KILLS = 4;

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
            long enough = bytes(mail) + 1_500_000;
            Process process = start(tree, mail);
            Commands.await("some mail", Duration.ofMinutes(2), () -> !process.isAlive() || bytes(mail) > enough);
            assertThat(process.isAlive()).as(said()).isTrue();
            process.destroyForcibly();
            process.onExit().join();
        }
        Process last = start(tree, mail);
        assertThat(last.waitFor()).as(said()).isZero();
        try (MailboxStore store = SqliteStore.open(mail.resolve("postern"), InstantSource.system(), MailLog.none())) {
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
