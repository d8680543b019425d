package postern.mailbox.transfer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import postern.config.SafeFile;
import postern.mailbox.AccountName;
import postern.mailbox.Flags;

/// What has been taken over into a mailbox, and what is about to be: a file that is replaced whole.
///
/// While it is open, a message that stands in it may be in the mailbox or not. Once it is done, all of them were.
final class Journal {
    private static final String VERSION = "postern transfer 1";
    private static final int COLUMNS = 4;

    /// A message.
    ///
    /// @param key as [ForeignMessage]
    /// @param uid in the mailbox here
    /// @param arrival seconds since 1970
    /// @param flags that it had over there
    record Row(String key, long uid, long arrival, Flags flags) {
        static Row of(ForeignMessage message, long uid) {
            return new Row(message.key(), uid, message.arrival().getEpochSecond(), message.flags());
        }

        Instant instant() {
            return Instant.ofEpochSecond(arrival);
        }
    }

    private final Path file;
    private final String subject;
    private final Map<String, Row> rows = new LinkedHashMap<>();
    private long validity;
    private boolean open;
    private boolean isChanged;

    private Journal(Path file, String subject) {
        this.file = file;
        this.subject = subject;
    }

    /// The journal of a mailbox; an empty one when there is none.
    ///
    /// @param kind see [ForeignAccount#kind()]
    /// @param mailbox its name
    /// @throws IOException also when it is damaged: the file is named
    static Journal load(Path store, String kind, String account, String mailbox) throws IOException {
        String subject = kind + "\t" + account + "\t" + mailbox;
        Path directory = directory(store);
        Journal journal = new Journal(directory.resolve(digest(subject)), subject);
        if (Files.exists(journal.file)) {
            journal.read();
        }
        return journal;
    }

    /// The accounts of which a mailbox has been taken over to its end.
    static Set<AccountName> accounts(Path store, String mailbox) throws IOException {
        Set<AccountName> accounts = new TreeSet<>();
        if (!Files.isDirectory(directory(store))) {
            return accounts;
        }
        for (Path file : Listing.of(directory(store))) {
            try (Stream<String> lines = Files.lines(file)) {
                List<String> head = lines.limit(3).toList();
                String[] columns = head.size() == 3 ? head.get(1).split("\t") : new String[0];
                if (columns.length == 3
                        && columns[2].equals(mailbox)
                        && head.get(2).startsWith("done ")) {
                    accounts.add(new AccountName(columns[1]));
                }
            } catch (UncheckedIOException | IllegalArgumentException e) {
                // not a journal
                continue;
            }
        }
        return accounts;
    }

    static Path directory(Path store) {
        return store.resolve("transfer");
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private void read() throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            List<String> head = new ArrayList<>();
            for (String line : (Iterable<String>) lines::iterator) {
                if (head.size() < 3) {
                    head.add(line);
                    continue;
                }
                Row row = row(line);
                rows.put(row.key(), row);
            }
            String state = head.size() == 3 ? head.get(2) : "";
            if (!head.getFirst().equals(VERSION) || !state.matches("(open|done) [0-9]{1,10}")) {
                throw damaged();
            }
            open = state.startsWith("open");
            validity = Long.parseLong(state.substring(5));
        } catch (RuntimeException e) {
            throw damaged();
        }
    }

    private Row row(String line) throws IOException {
        String[] columns = line.split("\t", -1);
        if (columns.length != COLUMNS) {
            throw damaged();
        }
        return new Row(columns[0], Long.parseLong(columns[1]), Long.parseLong(columns[2]), flags(columns[3]));
    }

    private static Flags flags(String text) {
        return text.isEmpty() ? Flags.NONE : FlagNames.of(List.of(text.split(" ")));
    }

    private IOException damaged() {
        return new IOException(file + ": is not a journal of an import; without it everything is taken over anew");
    }

    /// Puts the file into its place, forced to disk.
    private void write() throws StoreFailure {
        StringBuilder text = new StringBuilder();
        text.append(VERSION).append('\n').append(subject).append('\n');
        text.append(open ? "open " : "done ").append(validity).append('\n');
        for (Row row : rows.values()) {
            text.append(row.key()).append('\t').append(row.uid()).append('\t').append(row.arrival());
            text.append('\t').append(row.flags()).append('\n');
        }
        StoreFailure.unless(() -> {
            Files.createDirectories(file.toAbsolutePath().getParent());
            SafeFile.replace(file, text.toString().getBytes(StandardCharsets.UTF_8));
            return file;
        });
        isChanged = false;
    }

    /// UIDVALIDITY of the mailbox here; 0 before the first import.
    long validity() {
        return validity;
    }

    /// Whether the last import did not come to its end.
    boolean isOpen() {
        return open;
    }

    Collection<Row> rows() {
        return rows.values();
    }

    boolean has(String key) {
        return rows.containsKey(key);
    }

    @Nullable
    Row row(ForeignMessage message) {
        return rows.get(message.key());
    }

    void put(Row row) {
        rows.put(row.key(), row);
        isChanged = true;
    }

    void remove(String key) {
        isChanged |= rows.remove(key) != null;
    }

    /// Forgets all: the mailbox is another one.
    void clear() {
        rows.clear();
        isChanged = true;
    }

    /// What stands here now is about to come.
    void begin(long mailbox) throws StoreFailure {
        validity = mailbox;
        open = true;
        write();
    }

    /// What stands here now is in the mailbox.
    void end(long mailbox) throws StoreFailure {
        if (isChanged || open || validity != mailbox) {
            validity = mailbox;
            open = false;
            write();
        }
    }
}
