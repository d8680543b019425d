package postern.mailbox.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import postern.mailbox.AccountName;
import postern.mailbox.Mailbox;
import postern.mailbox.MailboxName;
import postern.mailbox.MessageRef;
import postern.mailbox.Uid;

/// `kill -9` while eight threads deliver, expunge, and segments are emptied: what was committed is there, no UID
/// is given twice, and the store opens by itself. The rounds go on in the same store.
class StoreKillTest {
    private static final int ROUNDS = Integer.getInteger("postern.kill.rounds", 6);

    @TempDir
    Path directory;

    private final Map<String, Long> there = new HashMap<>();
    private final Set<String> going = new HashSet<>();
    private final Set<String> given = new HashSet<>();
    private long nextSeed = 1;

    @Test
    void whatWasCommittedIsThereAfterAKill() throws IOException, InterruptedException {
        long seed = Long.getLong("postern.seed", System.nanoTime());
        System.out.println("kill -9 of a mailbox store: " + ROUNDS + " rounds, seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            runAndKill(50 + random.nextInt(400));
            try (SqliteStore store = StoreLoad.open(directory)) {
                assertThat(store.check()).as("round %d", round).isEmpty();
                verify(store);
            }
        }
    }

    private void runAndKill(int lines) throws IOException, InterruptedException {
        Process load = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xmx256m",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StoreLoad.class.getName(),
                        directory.toString(),
                        Long.toString(nextSeed))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = load.inputReader(StandardCharsets.US_ASCII)) {
            int count = 0;
            String line = out.readLine();
            while (line != null) {
                note(line);
                if (++count == lines) {
                    load.toHandle().destroyForcibly();
                }
                line = out.readLine();
            }
            assertThat(count).as("lines before the end").isGreaterThanOrEqualTo(lines);
        } finally {
            load.destroyForcibly();
            load.waitFor();
        }
    }

    private void note(String line) {
        String[] words = line.split(" ");
        String message = words[1] + " " + words[2];
        switch (words[0]) {
            case "there" -> {
                assertThat(given.add(message)).as("%s is new", message).isTrue();
                long seed = Long.parseLong(words[3]);
                there.put(message, seed);
                nextSeed = Math.max(nextSeed, seed + 100);
            }
            case "going" -> going.add(message);
            default -> throw new AssertionError(line);
        }
    }

    private void verify(SqliteStore store) throws IOException {
        Map<String, MessageRef> found = new HashMap<>();
        for (AccountName account : store.accounts()) {
            for (Mailbox mailbox : store.mailboxes(account)) {
                assertThat(mailbox.name()).isEqualTo(MailboxName.INBOX);
                List<MessageRef> messages = store.messages(mailbox, Uid.FIRST, Uid.LAST);
                messages.forEach(message -> found.put(account + " " + message.uid(), message));
            }
        }
        for (Map.Entry<String, Long> one : there.entrySet()) {
            MessageRef message = found.get(one.getKey());
            if (message == null) {
                assertThat(going).as("%s was committed", one.getKey()).contains(one.getKey());
                continue;
            }
            try (InputStream in = store.open(message, 0)) {
                assertThat(in.readAllBytes()).isEqualTo(StoreLoad.text(one.getValue()));
            }
        }
    }
}
