package postern.mailbox.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import postern.log.MailLog;
import postern.mailbox.AccountName;
import postern.mailbox.Flags;
import postern.mailbox.Incoming;
import postern.mailbox.MailboxName;
import postern.mailbox.MessageRef;
import postern.mailbox.Uid;
import postern.mailbox.body.DirectoryDisk;

/// Files of a store that are damaged or gone: an error says which and what to do, and what can be read is.
class StoreDamageTest {
    private static final AccountName ANN = new AccountName("ann@example.com");

    @TempDir
    Path directory;

    private SqliteStore open() throws IOException {
        SqliteStore.Shape shape = new SqliteStore.Shape(new DirectoryDisk(directory.resolve("texts")), 5_000, -1);
        return SqliteStore.open(directory, shape, () -> Instant.EPOCH, MailLog.none());
    }

    private static MessageRef deliver(SqliteStore store, String text) throws IOException {
        try (Incoming incoming = store.incoming()) {
            incoming.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
            return incoming.commit(List.of(new Incoming.Place(ANN, MailboxName.INBOX, "", Flags.NONE, Instant.EPOCH)))
                    .getFirst();
        }
    }

    private static String read(SqliteStore store, MessageRef message) throws IOException {
        try (InputStream in = store.open(message, 0)) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private static void overwrite(Path file, long at, int length) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(length), at);
        }
    }

    @Test
    void segmentThatIsMissingIsNamedAndTheOthersAreRead() throws IOException {
        String first = "1".repeat(6_000);
        String second = "2".repeat(6_000);
        try (SqliteStore store = open()) {
            deliver(store, first);
            deliver(store, second);
        }
        Files.delete(directory.resolve("texts/0000000001.texts"));
        try (SqliteStore store = open()) {
            List<MessageRef> messages = store.messages(store.create(ANN, MailboxName.INBOX, null), Uid.FIRST, Uid.LAST);
            assertThatThrownBy(() -> read(store, messages.getFirst()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("0000000001.texts")
                    .hasMessageContaining("postern restore");
            assertThat(read(store, messages.getLast())).isEqualTo(second);
            assertThat(store.check()).singleElement().asString().contains("0000000001.texts");
            assertThat(deliver(store, "more").uid()).isEqualTo(new Uid(3));
        }
    }

    @Test
    void tornTailOfASegmentIsNamedAndTheRestIsRead() throws IOException {
        MessageRef last;
        try (SqliteStore store = open()) {
            deliver(store, "first");
            last = deliver(store, "last");
        }
        Path segment = directory.resolve("texts/0000000001.texts");
        try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() - 2);
        }
        try (SqliteStore store = open()) {
            List<MessageRef> messages = store.messages(store.create(ANN, MailboxName.INBOX, null), Uid.FIRST, Uid.LAST);
            assertThat(read(store, messages.getFirst())).isEqualTo("first");
            assertThatThrownBy(() -> read(store, last)).hasMessageContaining("damaged");
            assertThat(store.check()).singleElement().asString().contains("text 2", "damaged");
        }
    }

    @Test
    void damagedDatabaseIsNamedWithWhatToDo() throws IOException {
        try (SqliteStore store = open()) {
            deliver(store, "first");
        }
        overwrite(directory.resolve("store.db"), 0, 100);
        assertThatThrownBy(this::open)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(directory.resolve("store.db").toString())
                .hasMessageContaining("postern restore");
        // and it is not held by whoever could not open it
        assertThatThrownBy(this::open).hasMessageNotContaining("in use");
    }

    @Test
    void damagedPageStopsChangesAndSaysSo() throws IOException {
        for (int i = 0; i < 3; i++) {
            try (SqliteStore store = open()) {
                deliver(store, "x".repeat(10));
            }
        }
        Path database = directory.resolve("store.db");
        // all pages but the first two
        overwrite(database, 8_192, (int) Files.size(database) - 8_192);
        assertThatThrownBy(() -> {
                    try (SqliteStore store = open()) {
                        deliver(store, "more");
                    }
                })
                .isInstanceOf(IOException.class)
                .hasMessageContaining("SQLITE_CORRUPT");
    }
}
