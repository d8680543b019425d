package postern.mailbox.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.log.MailLog;
import postern.mailbox.AccountName;
import postern.mailbox.Flags;
import postern.mailbox.Incoming;
import postern.mailbox.Mailbox;
import postern.mailbox.MailboxName;
import postern.mailbox.MessageRef;
import postern.mailbox.Uid;
import postern.mailbox.body.SimDisk;

/// The machine stops before each step that the texts take to the disk, in turn: delivery, expunge, compaction.
/// What was acknowledged is there, its text too, no UID is given twice, and the store opens by itself.
class StopTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final AccountName ANN = new AccountName("ann@example.com");
    private static final int SMALL = 60_000;

    @TempDir
    Path directory;

    private long shortBytes;

    /// What a load was told.
    private static final class Told {
        final Map<Uid, byte[]> there = new HashMap<>();
        final Set<Uid> doubtful = new HashSet<>();
        final Set<Uid> given = new HashSet<>();
        boolean stopped;
    }

    private SqliteStore open(Path at, SimDisk disk) throws IOException {
        Files.createDirectories(at);
        return SqliteStore.open(at, new SqliteStore.Shape(disk, SMALL, shortBytes), () -> NOW, MailLog.none());
    }

    /// With all texts in segments at once, and with short ones in the database first.
    @ParameterizedTest
    @ValueSource(longs = {-1, 4_000})
    void nothingAcknowledgedIsLostWhereverItStops(long limit) throws IOException {
        shortBytes = limit;
        SimDisk whole = new SimDisk();
        Told unstopped = new Told();
        try (SqliteStore store = open(directory.resolve("whole"), whole)) {
            load(store, unstopped, 1);
            assertThat(unstopped.stopped).isFalse();
        }
        int steps = whole.steps();
        assertThat(steps).isGreaterThan(40);
        Random random = new Random(4);
        for (int stop = 1; stop <= steps; stop += 3) {
            stopAndOpen(stop, random);
        }
    }

    private void stopAndOpen(int stop, Random random) throws IOException {
        Path at = directory.resolve("stop" + stop);
        SimDisk disk = new SimDisk();
        disk.stopAt(stop);
        Told told = new Told();
        try (SqliteStore store = open(at, disk)) {
            load(store, told, 1);
        }
        SimDisk after = disk.afterStop(random);
        try (SqliteStore store = open(at, after)) {
            assertThat(store.check()).as("stop at %d", stop).isEmpty();
            verify(store, told, stop);
            told.stopped = false;
            load(store, told, 2);
            assertThat(told.stopped).isFalse();
            assertThat(store.check()).as("after stop at %d", stop).isEmpty();
            verify(store, told, stop);
        }
    }

    private static void verify(SqliteStore store, Told told, int stop) throws IOException {
        Mailbox inbox = store.mailbox(ANN, MailboxName.INBOX);
        Map<Uid, MessageRef> messages = new HashMap<>();
        if (inbox != null) {
            store.messages(inbox, Uid.FIRST, Uid.LAST).forEach(message -> messages.put(message.uid(), message));
        }
        for (Map.Entry<Uid, byte[]> one : told.there.entrySet()) {
            MessageRef message = messages.get(one.getKey());
            if (message == null && told.doubtful.contains(one.getKey())) {
                continue;
            }
            assertThat(message).as("stop at %d: UID %s", stop, one.getKey()).isNotNull();
            try (InputStream in = store.open(message, 0)) {
                assertThat(in.readAllBytes()).isEqualTo(one.getValue());
            }
        }
    }

    /// Delivers, expunges most of it, and empties segments; until the machine stops.
    private static void load(SqliteStore store, Told told, int seed) throws IOException {
        Random random = new Random(seed);
        try {
            for (int i = 0; i < 30; i++) {
                byte[] text = new byte[random.nextInt(20) == 0 ? 150_000 : random.nextInt(9_000)];
                random.nextBytes(text);
                Uid uid = deliver(store, text);
                assertThat(told.given.add(uid)).as("UID %s is new", uid).isTrue();
                told.there.put(uid, text);
                if (i % 10 == 9) {
                    expunge(store, told, random);
                    store.settle();
                    store.compact();
                }
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("stopped");
            told.stopped = true;
        }
    }

    private static void expunge(SqliteStore store, Told told, Random random) throws IOException {
        List<Uid> uids = told.there.keySet().stream()
                .filter(uid -> random.nextInt(4) > 0)
                .toList();
        told.doubtful.addAll(uids);
        Mailbox inbox = store.mailbox(ANN, MailboxName.INBOX);
        if (inbox != null) {
            store.expunge(inbox, uids);
        }
        uids.forEach(told.there::remove);
    }

    private static Uid deliver(SqliteStore store, byte[] text) throws IOException {
        try (Incoming incoming = store.incoming()) {
            incoming.write(ByteBuffer.wrap(text));
            return incoming.commit(List.of(new Incoming.Place(ANN, MailboxName.INBOX, "", Flags.NONE, NOW)))
                    .getFirst()
                    .uid();
        }
    }
}
