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
import java.util.Set;
import postern.mailbox.AccountName;
import postern.mailbox.Mailbox;
import postern.mailbox.MailboxName;
import postern.mailbox.MessageRef;
import postern.mailbox.Uid;

/// Starts a [StoreLoad], believes what it says, and holds the store to it: what was committed is there, with its
/// flags, and no UID was given twice. The lives go on in the same store.
final class StoreWitness {
    /// A load that hears so often that nothing can be kept has lived long enough.
    private static final int FAILURES = 200;

    private final Path directory;
    private final Map<String, Long> there = new HashMap<>();
    private final Set<String> flagged = new HashSet<>();
    private final Set<String> going = new HashSet<>();
    private final Set<String> given = new HashSet<>();
    private long nextSeed = 1;

    StoreWitness(Path directory) {
        this.directory = directory;
    }

    /// What happens to the load.
    interface End {
        void of(Process load) throws IOException;
    }

    int committed() {
        return given.size();
    }

    /// One life: after so many lines it meets its end, which kills it, or takes its disk away.
    void live(int lines, End end) throws IOException, InterruptedException {
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
            int failed = 0;
            String line = out.readLine();
            while (line != null) {
                note(line, count >= lines);
                if (++count == lines) {
                    end.of(load);
                }
                failed += line.startsWith("failed") ? 1 : 0;
                if (failed == FAILURES) {
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

    private void note(String line, boolean ending) {
        String[] words = line.split(" ", -1);
        switch (words[0]) {
            case "there" -> {
                String message = words[1] + " " + words[2];
                assertThat(given.add(message)).as("%s is new", message).isTrue();
                long seed = Long.parseLong(words[3]);
                there.put(message, seed);
                nextSeed = Math.max(nextSeed, seed + 100);
            }
            case "flagged" -> flagged.add(words[1] + " " + words[2]);
            case "going" -> going.add(words[1] + " " + words[2]);
            // its disk is gone
            case "failed" -> assertThat(ending).as(line).isTrue();
            default -> throw new AssertionError(line);
        }
    }

    /// Opens the store and looks.
    void verify(String when) throws IOException {
        try (SqliteStore store = StoreLoad.open(directory)) {
            assertThat(store.check()).as(when).isEmpty();
            verify(store);
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
            if (flagged.contains(one.getKey())) {
                assertThat(message.flags()).as(one.getKey()).isEqualTo(StoreLoad.FLAGS);
            }
            try (InputStream in = store.open(message, 0)) {
                assertThat(in.readAllBytes()).isEqualTo(StoreLoad.text(one.getValue()));
            }
        }
    }
}
