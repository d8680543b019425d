package postern.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import postern.address.Address;
import postern.config.MainCf;
import postern.log.MailLog;
import postern.smtp.HandoverId;

/// What was written down is known after every kind of end, for as long as it is of use.
class LedgerTest {
    private static final Duration LIFETIME = Duration.ofDays(5);
    private static final Duration DOUBTS = Duration.ofDays(7);
    private static final byte[] KEY = new byte[32];

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final List<String> said = new ArrayList<>();
    private final MailLog log = (service, text) -> said.add(text);
    private final InstantSource clock = () -> now;

    @Test
    void whatWasWrittenIsKnownAfterARestart() throws IOException {
        SimDisk disk = new SimDisk();
        Ledger ledger = open(disk);
        assertThat(ledger.isEmpty()).isTrue();
        ledger.write(List.of(copy(1, 10), copy(2, 10)));
        Ledger again = open(disk);
        assertThat(again.has(copy(1, 10))).isTrue();
        assertThat(again.has(copy(2, 10))).isTrue();
        assertThat(again.has(copy(1, 11))).isFalse();
        assertThat(again.has(copy(3, 10))).isFalse();
    }

    @Test
    void recipientsWithTheSameMessagesAreOneGroup() throws IOException {
        Ledger ledger = open(new SimDisk());
        ledger.write(List.of(copy(1, 10), copy(2, 10), copy(3, 10), copy(3, 20), copy(4, 20), copy(4, 10)));
        assertThat(ledger.group(1)).isEqualTo(ledger.group(2)).isNotZero();
        assertThat(ledger.group(3)).isEqualTo(ledger.group(4)).isNotEqualTo(ledger.group(1));
        assertThat(ledger.group(5)).isZero();
    }

    @Test
    void entriesExpireAndLeaveTheFileAtTheNextStart() throws IOException {
        SimDisk disk = new SimDisk();
        Ledger ledger = open(disk);
        ledger.write(List.of(copy(1, 10)));
        now = now.plus(LIFETIME).plusSeconds(1);
        assertThat(ledger.has(copy(1, 10))).isFalse();
        assertThat(ledger.group(1)).isZero();
        ledger.write(List.of(copy(2, 10)));
        open(disk);
        assertThat(disk.used()).isEqualTo(16 + Copies.RECORD);
    }

    @Test
    void newLifetimeCountsFromTheReloadOn() throws IOException {
        Ledger ledger = open(new SimDisk());
        ledger.write(List.of(copy(1, 10)));
        now = now.plus(Duration.ofDays(2));
        ledger.reload(MainCf.of(Path.of("/"), Map.of("maximal_queue_lifetime", "1d")));
        assertThat(ledger.has(copy(1, 10))).isFalse();
        ledger.reload(MainCf.of(Path.of("/"), Map.of("maximal_queue_lifetime", "3d")));
        assertThat(ledger.has(copy(1, 10))).isTrue();
    }

    @Test
    void fileDoesNotGrowWithoutEnd() throws IOException {
        SimDisk disk = new SimDisk();
        Ledger ledger = open(disk);
        for (int day = 0; day < 60; day++) {
            now = now.plus(Duration.ofDays(1));
            for (int i = 0; i < 100; i++) {
                ledger.write(List.of(copy(day, i)));
            }
        }
        assertThat(disk.used()).isLessThan(3000L * Copies.RECORD);
    }

    @Test
    void theOldestGoWhenThereAreTooMany() throws IOException {
        SimDisk disk = new SimDisk();
        Ledger ledger = open(disk);
        List<Ledger.Copy> many = new ArrayList<>();
        for (int i = 0; i < Book.MOST; i++) {
            many.add(copy(i, 7));
        }
        ledger.write(many);
        assertThat(said).isEmpty();
        ledger.write(List.of(copy(-1, 7), copy(-2, 7)));
        ledger.write(List.of(copy(-3, 7)));
        assertThat(said)
                .singleElement()
                .asString()
                .startsWith("warning: the ledger of hand-overs is full: its oldest 10002 entries are forgotten");
        assertThat(ledger.has(copy(0, 7))).isFalse();
        assertThat(ledger.has(copy(Book.MOST - 1, 7))).isTrue();
        assertThat(ledger.has(copy(-3, 7))).isTrue();
        assertThat(open(disk).has(copy(-1, 7))).isTrue();
    }

    @Test
    void damageIsWhereTheFileEnds() throws IOException {
        SimDisk disk = new SimDisk();
        open(disk).write(List.of(copy(1, 10), copy(2, 10), copy(3, 10)));
        disk.open("copies").write(ByteBuffer.wrap(new byte[] {1}), 16 + Copies.RECORD + 3);
        Ledger ledger = open(disk);
        assertThat(ledger.has(copy(1, 10))).isTrue();
        assertThat(ledger.has(copy(2, 10))).isFalse();
        assertThat(disk.used()).isEqualTo(16 + Copies.RECORD);
    }

    @Test
    void fileOfAnotherKindIsLeftAlone() throws IOException {
        SimDisk disk = new SimDisk();
        disk.create("copies").write(ByteBuffer.wrap(new byte[100]), 0);
        assertThatThrownBy(() -> open(disk)).isInstanceOf(IOException.class).hasMessageContaining("no file of this");
        assertThat(disk.used()).isEqualTo(100);
    }

    /// A disk that fails: not written down is not written down; what is known meanwhile is written later.
    @Test
    void failedForceIsToldAndMendedByTheNextWrite() throws IOException {
        SimDisk disk = new SimDisk();
        Ledger ledger = open(disk);
        ledger.write(List.of(copy(1, 10)));
        disk.fault((step, what) -> what.startsWith("force") ? new IOException("I/O error") : null);
        assertThatThrownBy(() -> ledger.write(List.of(copy(2, 10)))).hasMessage("I/O error");
        assertThatThrownBy(() -> ledger.write(List.of(copy(3, 10)))).hasMessage("I/O error");
        assertThat(ledger.has(copy(2, 10))).isTrue();
        disk.fault((step, what) -> null);
        ledger.write(List.of(copy(2, 10)));
        Ledger again = open(disk.afterCrash(new Random(1)));
        assertThat(again.has(copy(1, 10))).isTrue();
        assertThat(again.has(copy(2, 10))).isTrue();
        assertThat(again.has(copy(3, 10))).isTrue();
    }

    @Test
    void fullDiskIsToldAndLosesNothing() throws IOException {
        SimDisk disk = new SimDisk();
        Ledger ledger = open(disk);
        ledger.write(List.of(copy(1, 10)));
        disk.capacity(disk.used() + 10);
        assertThatThrownBy(() -> ledger.write(List.of(copy(2, 10)))).hasMessageContaining("No space left");
        assertThatThrownBy(() -> ledger.write(List.of(copy(2, 10)))).hasMessageContaining("No space left");
        assertThat(open(disk).has(copy(1, 10))).isTrue();
        disk.capacity(1 << 20);
        ledger.write(List.of(copy(2, 10)));
        assertThat(open(disk).has(copy(2, 10))).isTrue();
    }

    /// The machine stops at every step of a load, with any part of what was not forced on the disk.
    @Test
    void cutAtEveryStepKeepsWhatWasForced() throws IOException {
        SimDisk whole = new SimDisk();
        load(whole, new ArrayList<>());
        assertThat(whole.steps()).isGreaterThan(100);
        for (int step = 1; step <= whole.steps(); step++) {
            for (int seed = 0; seed < 8; seed++) {
                now = Instant.parse("2026-01-01T00:00:00Z");
                crash(step, new Random(step * 100L + seed));
            }
        }
    }

    private void crash(int step, Random luck) throws IOException {
        SimDisk disk = new SimDisk();
        disk.crashAt(step);
        List<Ledger.Copy> forced = new ArrayList<>();
        assertThatThrownBy(() -> load(disk, forced)).isInstanceOf(SimDisk.Crash.class);
        SimDisk found = disk.afterCrash(luck);
        found.crashAt(1 + luck.nextInt(5));
        try {
            open(found);
        } catch (SimDisk.Crash e) {
            found = found.afterCrash(luck);
        }
        found.crashAt(Integer.MAX_VALUE);
        Ledger ledger = open(found);
        assertThat(forced).as("crash at step %d", step).allMatch(ledger::has);
        ledger.write(List.of(copy(99, 99)));
        Ledger again = open(found.afterCrash(luck));
        assertThat(forced).allMatch(again::has);
        assertThat(again.has(copy(99, 99))).isTrue();
        assertThat(again.has(copy(98, 98))).isFalse();
    }

    private void load(SimDisk disk, List<Ledger.Copy> forced) throws IOException {
        Ledger ledger = open(disk);
        for (int i = 0; i < 50; i++) {
            List<Ledger.Copy> group = new ArrayList<>();
            for (int j = 0; j <= i % 5; j++) {
                group.add(copy(j, i));
            }
            ledger.write(group);
            forced.addAll(group);
            if (i % 10 == 9) {
                ledger = open(disk);
            }
        }
    }

    /// Whoever comes while another forces is forced together with all who wait.
    @Test
    void entriesOfManyThreadsAreForcedTogether() throws Exception {
        SimDisk disk = new SimDisk();
        Ledger ledger = open(disk);
        int before = disk.steps();
        CountDownLatch forcing = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        disk.meanwhile(() -> {
            forcing.countDown();
            try {
                assertThat(goOn.await(1, TimeUnit.MINUTES)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        List<Thread> threads = new ArrayList<>();
        threads.add(writer(ledger, copy(1, 1)));
        assertThat(forcing.await(1, TimeUnit.MINUTES)).isTrue();
        for (int i = 2; i < 50; i++) {
            threads.add(writer(ledger, copy(i, i)));
        }
        while (!IntStream.range(2, 50).allMatch(i -> ledger.has(copy(i, i)))) {
            Thread.onSpinWait();
        }
        goOn.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(disk.steps() - before).as("writes and forces").isLessThan(50);
        Ledger again = open(disk.afterCrash(new Random(3)));
        for (int i = 1; i < 50; i++) {
            assertThat(again.has(copy(i, i))).isTrue();
        }
    }

    private static Thread writer(Ledger ledger, Ledger.Copy copy) {
        return Thread.ofPlatform().start(() -> {
            try {
                ledger.write(List.of(copy));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void keyIsMadeOnceAndItsOwnersAlone(@TempDir Path directory) throws IOException {
        MainCf conf = MainCf.of(directory, Map.of("queue_directory", directory.toString()));
        postern.address.Path sender = postern.address.Path.of(Address.ofInternal("a@one.example"));
        Address recipient = Address.ofInternal("b@two.example");
        Ledger.Copy copy;
        try (Ledger ledger = Ledger.open(conf, clock, MailLog.none())) {
            copy = new Ledger.Copy(ledger.who(sender, recipient), ledger.what(sender, new byte[32]));
            ledger.write(List.of(copy));
        }
        Path key = directory.resolve("postern/handover/key");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
        try (Ledger ledger = Ledger.open(conf, clock, MailLog.none())) {
            assertThat(ledger.who(sender, recipient)).isEqualTo(copy.who());
            assertThat(ledger.has(copy)).isTrue();
        }
        Files.delete(key);
        try (Ledger ledger = Ledger.open(conf, clock, MailLog.none())) {
            assertThat(ledger.who(sender, recipient)).isNotEqualTo(copy.who());
        }
    }

    @Test
    void whatIsInDoubtIsKnownUntilItIsSettled() throws IOException {
        SimDisk disk = new SimDisk();
        Ledger ledger = open(disk);
        assertThat(disk.list()).doesNotContain("doubts");
        ledger.doubt(Map.of(copy(1, 10), doubt(7), copy(2, 10), doubt(7)));
        assertThat(ledger.isEmpty()).isFalse();
        Ledger again = open(disk.afterCrash(new Random(1)));
        assertThat(again.doubt(copy(1, 10))).isEqualTo(doubt(7));
        assertThat(again.doubt(copy(1, 11))).isNull();
        assertThat(again.has(copy(1, 10))).isFalse();
        assertThat(again.group(1)).isEqualTo(again.group(2)).isNotZero();

        ledger.settle(List.of(copy(1, 10)));
        Ledger settled = open(disk.afterCrash(new Random(2)));
        assertThat(settled.doubt(copy(1, 10))).isNull();
        assertThat(settled.group(1)).isZero();
        assertThat(settled.doubt(copy(2, 10))).isEqualTo(doubt(7));
        settled.forget(List.of(copy(2, 10)));
        assertThat(settled.isEmpty()).isTrue();
    }

    /// A message that goes under another id, and whose reply is lost again.
    @Test
    void theLastDoubtCounts() throws IOException {
        SimDisk disk = new SimDisk();
        Ledger ledger = open(disk);
        ledger.doubt(Map.of(copy(1, 10), doubt(7)));
        ledger.forget(List.of(copy(1, 10)));
        ledger.doubt(Map.of(copy(1, 10), doubt(8)));
        assertThat(open(disk.afterCrash(new Random(3))).doubt(copy(1, 10))).isEqualTo(doubt(8));
    }

    /// Who has one of a message's copies, and may have it, is of one group all the same.
    @Test
    void aDoubtAboutACopyThatIsThereChangesNoGroup() throws IOException {
        Ledger ledger = open(new SimDisk());
        ledger.doubt(Map.of(copy(1, 10), doubt(7)));
        long group = ledger.group(1);
        ledger.write(List.of(copy(1, 10)));
        assertThat(ledger.group(1)).isEqualTo(group);
        ledger.settle(List.of(copy(1, 10)));
        assertThat(ledger.group(1)).isEqualTo(group);
    }

    @Test
    void doubtsHaveATimeOfTheirOwn() throws IOException {
        SimDisk disk = new SimDisk();
        Ledger ledger = open(disk);
        ledger.doubt(Map.of(copy(1, 10), doubt(7)));
        now = now.plus(Duration.ofDays(6));
        assertThat(ledger.doubt(copy(1, 10))).isNotNull();
        now = now.plus(Duration.ofDays(2));
        assertThat(ledger.doubt(copy(1, 10))).isNull();
        assertThat(ledger.group(1)).isZero();
        assertThat(open(disk).isEmpty()).isTrue();
    }

    /// What is settled must not swallow the next message that is the same: as long as that cannot be written, the
    /// doubt stays.
    @Test
    void aDoubtThatCannotBeSettledStays() throws IOException {
        SimDisk disk = new SimDisk();
        Ledger ledger = open(disk);
        ledger.doubt(Map.of(copy(1, 10), doubt(7)));
        disk.fault((step, what) -> new IOException("I/O error"));
        assertThatThrownBy(() -> ledger.settle(List.of(copy(1, 10)))).isInstanceOf(IOException.class);
        assertThat(ledger.doubt(copy(1, 10))).isEqualTo(doubt(7));
        disk.fault((step, what) -> null);
        ledger.settle(List.of(copy(1, 10)));
        assertThat(open(disk.afterCrash(new Random(4))).doubt(copy(1, 10))).isNull();
    }

    /// The power goes at each step of doubts that come, end and fill their file.
    @Test
    void whatWasForcedOfDoubtsIsThereAfterEveryCrash() throws IOException {
        SimDisk whole = new SimDisk();
        doubts(whole, new ArrayList<>());
        for (int step = 1; step <= whole.steps(); step++) {
            SimDisk disk = new SimDisk();
            disk.crashAt(step);
            List<Long> open = new ArrayList<>();
            long[] under = {-1};
            try {
                doubts(disk, open);
            } catch (SimDisk.Crash e) {
                under[0] = open.isEmpty() ? -1 : open.removeLast();
            }
            Ledger found = open(disk.afterCrash(new Random(step)));
            for (long message = 0; message < 12; message++) {
                if (message != under[0]) {
                    assertThat(found.doubt(copy(1, message)) != null)
                            .as("message %d, stopped at step %d", message, step)
                            .isEqualTo(open.contains(message));
                }
            }
        }
    }

    /// @param open the messages in doubt; while one is being written it is the last
    private void doubts(SimDisk disk, List<Long> open) throws IOException {
        Ledger ledger = open(disk);
        for (long message = 0; message < 12; message++) {
            open.add(message);
            ledger.doubt(Map.of(copy(1, message), doubt(message)));
            if (message % 3 == 0) {
                ledger.settle(List.of(copy(1, message)));
                open.removeLast();
            }
        }
        // the last is not under way any more
        open.add(-1L);
    }

    private static Ledger.Doubt doubt(long id) {
        return new Ledger.Doubt(new HandoverId(id, id + 1), 5);
    }

    private Ledger open(SimDisk disk) throws IOException {
        Ledger ledger = new Ledger(disk, KEY, new Ledger.Lifetimes(LIFETIME, DOUBTS), clock, log);
        ledger.recover();
        return ledger;
    }

    private static Ledger.Copy copy(long who, long what) {
        return new Ledger.Copy(who, what + 1000);
    }
}
