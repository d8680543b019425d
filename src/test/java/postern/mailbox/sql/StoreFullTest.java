package postern.mailbox.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.log.MailLog;
import postern.mailbox.AccountName;
import postern.mailbox.Flags;
import postern.mailbox.Incoming;
import postern.mailbox.MailboxName;
import postern.mailbox.MessageRef;
import postern.mailbox.Uid;
import postern.mailbox.body.SimDisk;
import postern.peers.Commands;

/// The disk is full for a while: who delivers is told, of what was refused nothing is there, what was acknowledged
/// stays, and mail comes in again as soon as there is room, without a restart.
class StoreFullTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final AccountName ANN = new AccountName("ann@example.com");
    private static final int SMALL = 60_000;

    @TempDir
    Path directory;

    private final Map<Uid, byte[]> told = new HashMap<>();

    /// The texts' disk is full for four steps, from each step in turn; with all texts in segments at once, and with
    /// short ones in the database first.
    @ParameterizedTest
    @ValueSource(longs = {-1, 4_000})
    void mailComesInAgainWhenTheTextsHaveRoom(long shortBytes) throws IOException {
        int refused = 0;
        for (int from = 1; from < 60; from += 2) {
            told.clear();
            Path at = Files.createDirectories(directory.resolve("full" + from));
            SimDisk disk = new SimDisk();
            disk.fullBetween(from, from + 4);
            SqliteStore.Shape shape = new SqliteStore.Shape(disk, SMALL, shortBytes);
            try (SqliteStore store = SqliteStore.open(at, shape, () -> NOW, MailLog.none())) {
                refused += load(store, from);
                disk.fullBetween(Integer.MAX_VALUE, Integer.MAX_VALUE);
                deliver(store, new byte[200_000]);
                deliver(store, new byte[100]);
                store.settle();
                store.compact();
                verify(store, "full from step " + from);
            }
        }
        assertThat(refused).isGreaterThan(5);
    }

    /// Delivers, expunges, brings texts into segments and empties those.
    ///
    /// @return how many deliveries were refused
    private int load(SqliteStore store, int seed) throws IOException {
        Random random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < 16; i++) {
            byte[] text = new byte[random.nextInt(8) == 0 ? 150_000 : random.nextInt(9_000)];
            random.nextBytes(text);
            try {
                deliver(store, text);
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("No space left on device");
                refused++;
            }
            if (i % 8 == 7) {
                expungeHalf(store);
                sweep(store);
            }
        }
        return refused;
    }

    private void expungeHalf(SqliteStore store) throws IOException {
        List<Uid> half =
                told.keySet().stream().filter(uid -> uid.value() % 2 == 0).toList();
        assertThat(store.expunge(Objects.requireNonNull(store.mailbox(ANN, MailboxName.INBOX)), half))
                .hasSameSizeAs(half);
        half.forEach(told::remove);
    }

    private static void sweep(SqliteStore store) {
        try {
            store.settle();
            store.compact();
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left on device");
        }
    }

    private void deliver(SqliteStore store, byte[] text) throws IOException {
        try (Incoming incoming = store.incoming()) {
            incoming.write(ByteBuffer.wrap(text));
            Uid uid = incoming.commit(List.of(new Incoming.Place(ANN, MailboxName.INBOX, "", Flags.NONE, NOW)))
                    .getFirst()
                    .uid();
            assertThat(told.put(uid, text)).isNull();
        }
    }

    /// What was acknowledged is there, and nothing else.
    private void verify(SqliteStore store, String when) throws IOException {
        assertThat(store.check()).as(when).isEmpty();
        List<MessageRef> messages =
                store.messages(Objects.requireNonNull(store.mailbox(ANN, MailboxName.INBOX)), Uid.FIRST, Uid.LAST);
        assertThat(messages).as(when).extracting(MessageRef::uid).containsExactlyInAnyOrderElementsOf(told.keySet());
        for (MessageRef message : messages) {
            try (InputStream in = store.open(message, 0)) {
                assertThat(in.readAllBytes()).as(when).isEqualTo(told.get(message.uid()));
            }
        }
    }

    private static TextsThere fill(Committer committer, int pages) throws IOException {
        committer.change(transaction -> transaction
                .handle()
                .createQuery("PRAGMA max_page_count = " + pages)
                .mapTo(Integer.class)
                .one());
        int taken = 0;
        try {
            for (; taken < 100; taken++) {
                committer.change(transaction -> FreshTexts.add(transaction, ByteBuffer.wrap(new byte[20_000])));
            }
            return new TextsThere(taken, "");
        } catch (IOException e) {
            return new TextsThere(taken, String.valueOf(e.getMessage()));
        }
    }

    private record TextsThere(int taken, String refusal) {}

    /// SQLITE_FULL undoes the change that met it, and nothing else.
    @Test
    void databaseThatIsFullGoesOnWhenItHasRoom() throws IOException {
        Handle handle = new SqliteDatabase(directory.resolve("store.db")).writer();
        Schema.upgrade(handle);
        Committer committer = new Committer(handle, () -> NOW, _ -> {}, () -> {}, MailLog.none());
        committer.start();
        try {
            TextsThere first = fill(committer, 200);
            assertThat(first.refusal()).contains("SQLITE_FULL");
            assertThat(first.taken()).isBetween(5, 50);
            TextsThere then = fill(committer, 100_000);
            assertThat(then).isEqualTo(new TextsThere(100, ""));
            for (String table : List.of("texts", "fresh_texts")) {
                int rows = committer.change(transaction -> transaction
                        .handle()
                        .createQuery("SELECT COUNT(*) FROM " + table)
                        .mapTo(Integer.class)
                        .one());
                assertThat(rows).as(table).isEqualTo(first.taken() + 100);
            }
        } finally {
            committer.close();
        }
    }

    /// A file system of 8 MB is filled by mail itself, whatever is written: rows, their log, texts. Then something else
    /// on it is deleted.
    @Test
    void mailComesInAgainWhenTheFileSystemHasRoom() throws IOException {
        Commands.needRoot();
        Path mount = Files.createDirectories(directory.resolve("small"));
        Commands.Output mounted = Commands.tryRun("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", mount.toString());
        if (mounted.status() != 0) {
            System.out.println(
                    "left out: no tmpfs can be mounted here: " + mounted.text().strip());
            Assumptions.abort(mounted.text());
        }
        try {
            Path ballast = Files.write(mount.resolve("ballast"), new byte[3 << 20]);
            Path at = Files.createDirectories(mount.resolve("mail"));
            try (SqliteStore store = SqliteStore.open(at, () -> NOW, MailLog.none())) {
                Random random = new Random(8);
                String refusal = "";
                for (int i = 0; i < 2_000 && refusal.isEmpty(); i++) {
                    byte[] text = new byte[random.nextInt(3) == 0 ? 40_000 : 3_000];
                    random.nextBytes(text);
                    try {
                        deliver(store, text);
                    } catch (IOException e) {
                        refusal = String.valueOf(e.getMessage());
                    }
                }
                assertThat(refusal).containsAnyOf("No space left", "SQLITE_FULL");
                Files.delete(ballast);
                deliver(store, new byte[40_000]);
                deliver(store, new byte[3_000]);
                verify(store, "with room again");
            }
        } finally {
            Commands.run("umount", mount.toString());
        }
    }
}
