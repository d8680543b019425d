package postern.mailbox.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import postern.mailbox.AccountName;
import postern.mailbox.Flags;
import postern.mailbox.Incoming;
import postern.mailbox.Mailbox;
import postern.mailbox.MailboxName;
import postern.mailbox.MailboxStore;
import postern.mailbox.MessageRef;
import postern.mailbox.Uid;
import postern.mailbox.sql.Snapshot;
import postern.mailbox.sql.SqliteStore;
import postern.mailbox.sql.StoreLoad;

/// Backups of a store that takes mail meanwhile, what becomes of those that are cut or damaged, and their return.
class BackupTest {
    private static final AccountName YOU = new AccountName("you@example.com");

    @TempDir
    private Path directory;

    private final List<String> told = new ArrayList<>();
    private long seed = 1;

    @BeforeEach
    void places() throws IOException {
        Files.createDirectories(directory.resolve("config/opendkim"));
        Files.createDirectories(directory.resolve("store/sieve/you@example.com"));
        Files.writeString(directory.resolve("store/sieve/you@example.com/a.sieve"), "keep;");
        Files.writeString(directory.resolve("config/postfix-accounts.cf"), "you@example.com|{PLAIN}x\n");
        Path key = Files.writeString(directory.resolve("config/opendkim/a key%.private"), "secret\n");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
    }

    private SqliteStore open() throws IOException {
        return StoreLoad.open(directory.resolve("store"));
    }

    private Path target() {
        return directory.resolve("backup");
    }

    private List<String> backup(SqliteStore store) throws IOException {
        return backup(store, told::add);
    }

    private List<String> backup(SqliteStore store, Backup.Telling telling) throws IOException {
        try (Snapshot snapshot = store.snapshot()) {
            return Backup.make(snapshot, along(), target(), telling);
        }
    }

    private Map<String, Path> along() {
        return Map.of(
                "config",
                directory.resolve("config"),
                "sieve",
                directory.resolve("store/sieve"),
                "none",
                directory.resolve("none"));
    }

    private Restore.Places to(String name, boolean replaces) throws IOException {
        return new Restore.Places(
                directory.resolve(name),
                "config",
                Files.createDirectories(directory.resolve(name + "-config")),
                replaces);
    }

    private void restore(String name, boolean replaces) throws IOException {
        Restore.of(target()).run(to(name, replaces), () -> Instant.ofEpochSecond(1000), told::add);
    }

    private MessageRef deliver(SqliteStore store, AccountName account, long text) throws IOException {
        try (Incoming incoming = store.incoming()) {
            incoming.write(ByteBuffer.wrap(StoreLoad.text(text)));
            return incoming.commit(
                            List.of(new Incoming.Place(account, MailboxName.INBOX, "", Flags.NONE, Instant.EPOCH)))
                    .getFirst();
        }
    }

    private void deliver(SqliteStore store, int count) throws IOException {
        Incoming.Place place = new Incoming.Place(YOU, MailboxName.INBOX, "", Flags.NONE, Instant.EPOCH);
        List<MailboxStore.Arrival> arrivals = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Incoming incoming = store.incoming();
            incoming.write(ByteBuffer.wrap(StoreLoad.text(seed++)));
            arrivals.add(new MailboxStore.Arrival(incoming, place));
        }
        store.commit(arrivals);
        for (MailboxStore.Arrival arrival : arrivals) {
            arrival.message().close();
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /// The texts of all messages, by account and UID.
    private static Map<String, String> contents(SqliteStore store) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        for (AccountName account : store.accounts()) {
            for (Mailbox mailbox : store.mailboxes(account)) {
                for (MessageRef message : store.messages(mailbox, Uid.FIRST, Uid.LAST)) {
                    try (InputStream in = store.open(message, 0)) {
                        contents.put(account + " " + message.uid(), text(in.readAllBytes()));
                    }
                }
            }
        }
        return contents;
    }

    /// Accounts that get mail and remove it while segments are emptied, until they are told to stop.
    private final class Load {
        final Map<String, Long> there = new ConcurrentHashMap<>();
        final Map<String, Long> going = new ConcurrentHashMap<>();
        private final AtomicBoolean stops = new AtomicBoolean();
        private final AtomicReference<Throwable> failure = new AtomicReference<>();
        private final AtomicLong seeds = new AtomicLong(1_000_000);
        private final List<Thread> threads = new ArrayList<>();
        private final CountDownLatch some = new CountDownLatch(60);

        Load(SqliteStore store) {
            for (int i = 0; i < 4; i++) {
                AccountName account = new AccountName("user" + i + "@example.com");
                run(() -> deliverAndExpunge(store, account));
            }
            run(store::compact);
        }

        private interface Step {
            void run() throws IOException;
        }

        private void run(Step step) {
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    while (!stops.get()) {
                        step.run();
                    }
                } catch (IOException | RuntimeException e) {
                    failure.set(e);
                }
            }));
        }

        private void deliverAndExpunge(SqliteStore store, AccountName account) throws IOException {
            List<Uid> mine = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                long text = seeds.getAndIncrement();
                Uid uid = deliver(store, account, text).uid();
                there.put(account + " " + uid, text);
                mine.add(uid);
                some.countDown();
            }
            List<Uid> gone = mine.subList(0, 6);
            gone.forEach(uid -> going.put(account + " " + uid, 0L));
            store.expunge(store.mailbox(account, MailboxName.INBOX), gone);
        }

        void stop() throws InterruptedException {
            stops.set(true);
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(failure.get()).isNull();
        }
    }

    @Test
    void everyMessageAcknowledgedBeforeABackupBeganIsInIt() throws IOException, InterruptedException {
        try (SqliteStore store = open()) {
            deliver(store, 40);
            Load load = new Load(store);
            load.some.await();
            for (int round = 1; round <= 4; round++) {
                Map<String, Long> before = new TreeMap<>(load.there);
                assertThat(backup(store)).isEmpty();
                Map<String, Long> gone = new TreeMap<>(load.going);
                restore("restored" + round, false);
                try (SqliteStore restored = StoreLoad.open(directory.resolve("restored" + round))) {
                    assertThat(restored.check()).isEmpty();
                    Map<String, String> contents = contents(restored);
                    before.forEach((message, text) -> {
                        if (contents.containsKey(message)) {
                            assertThat(contents.get(message)).isEqualTo(text(StoreLoad.text(text)));
                        } else {
                            assertThat(gone).as("%s was there before", message).containsKey(message);
                        }
                    });
                }
            }
            load.stop();
            assertThat(store.check()).isEmpty();
        }
    }

    @Test
    void theNextBackupCopiesOnlyWhatIsNew() throws IOException {
        try (SqliteStore store = open()) {
            deliver(store, 250);
            backup(store);
            Map<String, Instant> first = segments();
            assertThat(first.size()).isGreaterThan(3);
            deliver(store, 10);
            told.clear();
            backup(store);
            assertThat(told).anyMatch(line -> line.matches("texts: [12] of [0-9]+ segments are new, [0-9]+ bytes"));
            assertThat(told).last().isEqualTo("backup 2 is whole");
            Map<String, Instant> second = segments();
            second.keySet().retainAll(first.keySet());
            assertThat(second).hasSize(first.size() - 1);
            second.forEach((name, time) -> assertThat(time).isEqualTo(first.get(name)));
            assertThat(names(target())).contains("INVENTORY", "store.2.db", "files.2", "texts", "lock");
            assertThat(names(target())).doesNotContain("store.1.db", "files.1", "UNFINISHED");
        }
        restore("restored", false);
        try (SqliteStore store = open();
                SqliteStore restored = StoreLoad.open(directory.resolve("restored"))) {
            assertThat(contents(restored)).isEqualTo(contents(store));
        }
        assertThat(directory.resolve("restored-config/postfix-accounts.cf")).hasContent("you@example.com|{PLAIN}x\n");
        assertThat(directory.resolve("restored/sieve/you@example.com/a.sieve")).hasContent("keep;");
        Path key = directory.resolve("restored-config/opendkim/a key%.private");
        assertThat(key).hasContent("secret\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-r-----");
    }

    private Map<String, Instant> segments() throws IOException {
        Map<String, Instant> segments = new TreeMap<>();
        for (String name : names(target().resolve("texts"))) {
            segments.put(
                    name,
                    Files.getLastModifiedTime(target().resolve("texts").resolve(name))
                            .toInstant());
        }
        return segments;
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /// Wherever it is cut: the one before it is as it was, and without one it is none.
    @Test
    void aBackupThatIsCutIsNone() throws IOException {
        try (SqliteStore store = open()) {
            deliver(store, 40);
            for (int lines = 0; lines < 3; lines++) {
                cut(store, lines);
                assertThatThrownBy(() -> Restore.of(target()))
                        .isInstanceOf(Restore.Refused.class)
                        .hasMessage(target() + ": this backup has not come to its end: it is not whole");
            }
            backup(store);
            Map<String, String> before = contents(store);
            for (int lines = 0; lines < 3; lines++) {
                deliver(store, 10);
                cut(store, lines);
                restore("restored" + lines, false);
                try (SqliteStore restored = StoreLoad.open(directory.resolve("restored" + lines))) {
                    assertThat(contents(restored)).isEqualTo(before);
                }
            }
            backup(store);
            assertThat(names(target())).doesNotContain("UNFINISHED");
            restore("restored", false);
        }
    }

    private void cut(SqliteStore store, int lines) {
        int[] left = {lines};
        assertThatThrownBy(() -> backup(store, line -> {
                    if (left[0]-- == 0) {
                        throw new IOException("cut");
                    }
                }))
                .hasMessage("cut");
    }

    @Test
    void aDamagedBackupIsRefusedAndNothingIsTouched() throws IOException {
        try (SqliteStore store = open()) {
            deliver(store, 80);
            backup(store);
        }
        List<Path> files;
        try (Stream<Path> all = Files.walk(target())) {
            files = all.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith("lock"))
                    .toList();
        }
        assertThat(files).hasSizeGreaterThan(4);
        for (Path file : files) {
            byte[] bytes = Files.readAllBytes(file);
            byte[] other = bytes.clone();
            other[other.length / 2] ^= 1;
            Files.write(file, other);
            refused(file.toString());
            Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - 1));
            refused(file.toString());
            Files.delete(file);
            refused(file.toString());
            Files.write(file, bytes);
        }
        assertThat(Restore.of(target()).summary()).contains("is sound: ");
    }

    private void refused(String file) {
        assertThatThrownBy(() -> restore("restored", true))
                .isInstanceOf(Restore.Refused.class)
                .hasMessageContaining(file.replaceFirst("/INVENTORY$", ""));
        assertThat(directory.resolve("restored")).doesNotExist();
        assertThat(directory.resolve("restored-config")).doesNotExist();
    }

    @Test
    void whatIsThereIsNeverWrittenOverUnlessThatIsSaid() throws IOException {
        try (SqliteStore store = open()) {
            deliver(store, 3);
            backup(store);
        }
        restore("restored", false);
        Path accounts = directory.resolve("restored-config/postfix-accounts.cf");
        Files.writeString(accounts, "new@example.com|{PLAIN}x\n");
        assertThatThrownBy(() -> restore("restored", false))
                .isInstanceOf(Restore.Refused.class)
                .hasMessage("there are mailboxes in " + directory.resolve("restored")
                        + ": --replace puts them aside\n" + accounts
                        + " is there, and another one: --replace writes over it");
        assertThat(accounts).hasContent("new@example.com|{PLAIN}x\n");
        restore("restored", true);
        assertThat(accounts).hasContent("you@example.com|{PLAIN}x\n");
        try (SqliteStore aside = StoreLoad.open(directory.resolve("restored.before-1000"))) {
            assertThat(contents(aside)).hasSize(3);
        }
    }

    @Test
    void aStoreThatIsDamagedGivesWay() throws IOException {
        try (SqliteStore store = open()) {
            deliver(store, 3);
            backup(store);
        }
        Files.writeString(directory.resolve("store/store.db"), "no database at all");
        assertThatThrownBy(this::open).isInstanceOf(IOException.class);
        restore("store", true);
        try (SqliteStore restored = open()) {
            assertThat(contents(restored)).hasSize(3);
        }
        assertThat(directory.resolve("store.before-1000/store.db")).hasContent("no database at all");
    }

    @Test
    void aStoreThatIsInUseIsNotReplaced() throws IOException {
        try (SqliteStore store = open()) {
            deliver(store, 1);
            backup(store);
            assertThatThrownBy(() -> restore("store", true)).hasMessageContaining("is in use");
            assertThat(contents(store)).hasSize(1);
        }
    }

    /// Clients have seen what was given after the backup: it is not given again, and what is there has changed.
    @Test
    void noUidIsGivenAgainAfterARestore() throws IOException {
        Mailbox seen;
        try (SqliteStore store = open()) {
            deliver(store, 5);
            backup(store);
            deliver(store, 20);
            seen = store.mailbox(YOU, MailboxName.INBOX);
        }
        restore("restored", false);
        try (SqliteStore restored = StoreLoad.open(directory.resolve("restored"))) {
            Mailbox inbox = restored.mailbox(YOU, MailboxName.INBOX);
            assertThat(inbox.validity()).isEqualTo(seen.validity());
            assertThat(inbox.next()).isGreaterThan(seen.next());
            assertThat(restored.messages(inbox, Uid.FIRST, Uid.LAST))
                    .hasSize(5)
                    .allSatisfy(message -> assertThat(message.modSeq()).isGreaterThan(seen.highest()));
            assertThat(deliver(restored, YOU, 1).uid()).isEqualTo(inbox.next());
            assertThat(restored.check()).isEmpty();
            told.clear();
            try (Snapshot snapshot = restored.snapshot()) {
                Backup.make(snapshot, Map.of(), target(), told::add);
            }
            assertThat(told)
                    .contains(
                            "the last backup here is of another store, or of this one before a restore: all is copied anew");
        }
        restore("again", false);
    }

    @Test
    void textsThatAreDamagedInTheStoreAreNamed() throws IOException {
        try (SqliteStore store = open()) {
            deliver(store, 10);
            Path segment = directory.resolve("store/texts/0000000001.texts");
            byte[] bytes = Files.readAllBytes(segment);
            bytes[bytes.length / 2] ^= 1;
            Files.write(segment, bytes);
            assertThat(backup(store)).hasSize(1).first().asString().contains("is damaged");
            assertThat(told).last().isEqualTo("backup 1 is made; what follows is amiss");
        }
    }

    @Test
    void aPlaceThatIsForSomethingElseIsRefused() throws IOException {
        try (SqliteStore store = open()) {
            Files.createDirectory(target());
            Files.writeString(target().resolve("letter.txt"), "dear");
            assertThatThrownBy(() -> backup(store)).hasMessage(target() + " is not empty, and no backup is in it");
            assertThat(names(target())).containsExactly("letter.txt");
            try (Snapshot snapshot = store.snapshot()) {
                Path inside = directory.resolve("config/backup");
                assertThatThrownBy(() ->
                                Backup.make(snapshot, Map.of("config", directory.resolve("config")), inside, told::add))
                        .hasMessageContaining("is no place for a backup of");
                Path other = directory.resolve("other");
                try (Target open = Target.open(other)) {
                    assertThat(open.last()).isNull();
                    assertThatThrownBy(() -> Backup.make(snapshot, Map.of(), other, told::add))
                            .hasMessage("another backup is being written to " + other);
                }
            }
        }
    }
}
