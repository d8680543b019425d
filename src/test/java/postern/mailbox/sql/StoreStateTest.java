package postern.mailbox.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import postern.mailbox.AccountName;
import postern.mailbox.Flags;
import postern.mailbox.Incoming;
import postern.mailbox.Mailbox;
import postern.mailbox.MailboxName;
import postern.mailbox.ModSeq;
import postern.mailbox.Uid;
import postern.mailbox.body.DirectoryDisk;

/// How a store was closed decides how it opens: with its log after a kill, not at all when the log is gone, and
/// with UIDs far behind when nothing says how it was.
class StoreStateTest {
    private static final AccountName ANN = new AccountName("ann@example.com");
    private static final long FAR = 1_000_000;

    @TempDir
    private Path directory;

    private final List<String> log = new ArrayList<>();

    private Path store() {
        return directory.resolve("store");
    }

    private Path left() {
        return directory.resolve("left");
    }

    private SqliteStore open(Path at) throws IOException {
        SqliteStore.Shape shape = new SqliteStore.Shape(new DirectoryDisk(at.resolve("texts")), 1_000_000, -1);
        return SqliteStore.open(at, shape, () -> Instant.EPOCH, (service, line) -> log.add(line));
    }

    private static Uid deliver(SqliteStore store) throws IOException {
        try (Incoming incoming = store.incoming()) {
            incoming.write(ByteBuffer.wrap(new byte[] {'a', '\r', '\n'}));
            return incoming.commit(List.of(new Incoming.Place(ANN, MailboxName.INBOX, "", Flags.NONE, Instant.EPOCH)))
                    .getFirst()
                    .uid();
        }
    }

    private static Mailbox inbox(SqliteStore store) throws IOException {
        return Objects.requireNonNull(store.mailbox(ANN, MailboxName.INBOX));
    }

    private static int messages(SqliteStore store) throws IOException {
        return store.messages(inbox(store), Uid.FIRST, Uid.LAST).size();
    }

    /// Copies the files of a store that is open, as a kill leaves them, but for some that are lost.
    private void kill(Set<String> lost) throws IOException {
        try (Stream<Path> files = Files.walk(store())) {
            for (Path file : files.sorted().toList()) {
                Path to = left().resolve(store().relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(to);
                } else if (!lost.contains(file.getFileName().toString())) {
                    Files.copy(file, to);
                }
            }
        }
    }

    /// One message comes in a life that ends in order, two in one that is killed.
    private ModSeq killAfterThree(String... lost) throws IOException {
        try (SqliteStore store = open(store())) {
            deliver(store);
        }
        try (SqliteStore store = open(store())) {
            deliver(store);
            assertThat(deliver(store)).isEqualTo(new Uid(3));
            kill(Set.of(lost));
            return inbox(store).highest();
        }
    }

    @Test
    void storeThatWasKilledOpensByItself() throws IOException {
        killAfterThree();
        assertThat(left().resolve("state")).hasContent("open since 1970-01-01T00:00:00Z\n");
        try (SqliteStore store = open(left())) {
            assertThat(messages(store)).isEqualTo(3);
            assertThat(deliver(store)).isEqualTo(new Uid(4));
            assertThat(store.check()).isEmpty();
        }
        assertThat(log).isEmpty();
    }

    @Test
    void storeThatWasKilledBeforeItsFirstCommitOpensByItself() throws IOException {
        try (SqliteStore store = open(store())) {
            deliver(store);
        }
        SqliteStore idle = open(store());
        kill(Set.of());
        idle.close();
        try (SqliteStore store = open(left())) {
            assertThat(deliver(store)).isEqualTo(new Uid(2));
        }
        assertThat(log).isEmpty();
    }

    @Test
    void orderlyEndLeavesNoLogAndSaysSo() throws IOException {
        for (int i = 1; i <= 3; i++) {
            try (SqliteStore store = open(store())) {
                assertThat(deliver(store)).isEqualTo(new Uid(i));
            }
            assertThat(store().resolve("state")).hasContent("closed\n");
            assertThat(store().resolve("store.db-wal")).doesNotExist();
        }
        assertThat(log).isEmpty();
    }

    @Test
    void lostLogRefusesTheStoreUntilItIsBack() throws IOException {
        killAfterThree("store.db-wal");
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> open(left()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(left().resolve("store.db-wal").toString())
                    .hasMessageContaining("open since 1970-01-01T00:00:00Z")
                    .hasMessageContaining("postern restore")
                    .hasMessageContaining("remove " + left().resolve("state"));
        }
        // as it was, nothing made in its place
        assertThat(left().resolve("store.db-wal")).doesNotExist();
    }

    @Test
    void logThatIsPutBackBringsAllMail() throws IOException {
        killAfterThree();
        Path wal = left().resolve("store.db-wal");
        Path elsewhere = Files.move(wal, directory.resolve("elsewhere"));
        assertThatThrownBy(() -> open(left())).hasMessageContaining("is missing");
        Files.move(elsewhere, wal);
        try (SqliteStore store = open(left())) {
            assertThat(messages(store)).isEqualTo(3);
            assertThat(deliver(store)).isEqualTo(new Uid(4));
        }
    }

    @Test
    void whoGoesOnWithoutTheLogGivesNoUidTwice() throws IOException {
        ModSeq seen = killAfterThree("store.db-wal");
        Files.delete(left().resolve("state"));
        try (SqliteStore store = open(left())) {
            assertThat(messages(store)).isEqualTo(1);
            assertThat(deliver(store)).isEqualTo(new Uid(2 + FAR));
            assertThat(store.messages(inbox(store), Uid.FIRST, Uid.LAST))
                    .allSatisfy(message -> assertThat(message.modSeq()).isGreaterThan(seen));
            assertThat(store.check()).isEmpty();
        }
        assertThat(log).singleElement().asString().contains("store.db", "a million later");
        // once
        try (SqliteStore store = open(left())) {
            assertThat(deliver(store)).isEqualTo(new Uid(3 + FAR));
        }
    }

    @Test
    void databaseThatWasCopiedAloneGivesNoUidTwice() throws IOException {
        killAfterThree("store.db-wal", "store.db-shm", "state", "lock");
        try (SqliteStore store = open(left())) {
            assertThat(deliver(store)).isEqualTo(new Uid(2 + FAR));
        }
    }

    @Test
    void restoredStoreIsMovedOnOnce() throws IOException {
        try (SqliteStore store = open(store())) {
            deliver(store);
        }
        Files.delete(store().resolve("state"));
        Returned.goOn(store());
        try (SqliteStore store = open(store())) {
            assertThat(deliver(store)).isEqualTo(new Uid(2 + FAR));
        }
        assertThat(log).isEmpty();
    }

    @Test
    void databaseThatIsGoneIsNotBegunAnew() throws IOException {
        killAfterThree("store.db");
        assertThatThrownBy(() -> open(left()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(left().resolve("store.db").toString())
                .hasMessageContaining("postern restore");
        assertThat(left().resolve("store.db")).doesNotExist();
    }

    /// A start that is refused brings the log's changes into the database and puts it away.
    @Test
    void logThatARefusedStartHasPutAwayIsNotMissed() throws IOException {
        try (SqliteStore store = open(store());
                Handle other = new SqliteDatabase(store().resolve("store.db")).writer()) {
            deliver(store);
            other.execute("INSERT INTO schema_version (version) VALUES (99)");
            kill(Set.of());
        }
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> open(left())).hasMessageContaining("written by a newer one");
        }
    }
}
