package postern.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.smtp.Reply;

/// Disks that fail: EIO at every step, once and for a while, a full disk, a read-only one. Nobody is told a
/// lie, nothing is lost, nothing spins, and it goes on by itself.
class LogQueueFaultTest {
    private final List<String> logged = new ArrayList<>();
    private volatile Instant now = QueueContract.START;

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 25})
    void failingAtEveryStepLosesNothing(int length) throws IOException {
        long seed = 7 + length;
        SimDisk undisturbed = new SimDisk();
        load(new QueueScript(seed), undisturbed);
        int stride = length == 1 ? 2 : 5;
        for (int step = 10; step <= undisturbed.steps(); step += stride) {
            int from = step;
            SimDisk disk = new SimDisk();
            disk.fault((at, what) -> at >= from && at < from + length ? new IOException("Input/output error") : null);
            QueueScript script = new QueueScript(seed);
            try {
                load(script, disk);
                disk.fault((at, what) -> null);
                script.idle();
                script.restart(disk);
                script.run(5);
                script.drain();
                script.restart(disk);
                assertThat(script.size()).isZero();
                assertThat(disk.list())
                        .filteredOn(file -> !file.startsWith("taken-"))
                        .hasSizeLessThanOrEqualTo(2);
            } catch (IOException | RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + ", EIO from step " + step + ": " + e.getMessage(), e);
            }
        }
    }

    private static void load(QueueScript script, SimDisk disk) throws IOException {
        script.reopen(disk);
        script.run(40);
        script.idle();
    }

    @Test
    void fullDiskRefusesMailAndStillRecordsWhatBecomesOfIt() throws IOException {
        SimDisk disk = new SimDisk();
        LogQueue queue = open(disk);
        QueueId delivered = put(queue, 100);
        QueueId deferred = put(queue, 5000);
        Arrival late = queue.arrival();
        late.write(ByteBuffer.wrap(Mails.text(1, 9000)));
        disk.capacity(disk.used());
        assertThatThrownBy(() -> late.commit(Mails.mail(late.id(), now, 9000)))
                .isInstanceOf(Reply.Refused.class)
                .hasMessage("452 4.3.1 Insufficient system storage");
        now = now.plusSeconds(2);
        assertThatThrownBy(queue::incoming).hasMessage("452 4.3.1 Insufficient system storage");
        queue.done(delivered, QueueContract.bits(0, 1, 2));
        queue.later(deferred, new Queue.Later(now.plusSeconds(60), 1, 0, false, List.of("down")));
        queue.flusher().round(true);
        assertThat(queue.flusher().refusal()).isNull();

        LogQueue again = open(disk.afterCrash(new Random(1)));
        assertThat(again.read(delivered)).isNull();
        assertThat(again.read(late.id())).isNull();
        assertThat(again.read(deferred))
                .isNotNull()
                .satisfies(queued -> assertThat(queued.tries()).isEqualTo(1));

        disk.capacity(1L << 40);
        now = now.plusSeconds(2);
        queue.chores();
        put(queue, 9000);
        assertThat(queue.counts()).isEqualTo(new Queue.Counts(1, 1, 0));
    }

    @Test
    void mailIsRefusedBeforeTheReserveIsTouched() throws IOException {
        SimDisk disk = new SimDisk();
        LogQueue queue = open(disk);
        disk.capacity(disk.used() + 1000);
        now = now.plusSeconds(1);
        assertThatThrownBy(queue::incoming).hasMessage("452 4.3.1 Insufficient system storage");
        assertThatThrownBy(queue::incoming).hasMessage("452 4.3.1 Insufficient system storage");
        assertThat(disk.list()).contains("reserve");
        assertThat(logged)
                .singleElement()
                .asString()
                .matches("warning: queue: not enough free space: 1000 bytes are free where the queue lies, [0-9]+ are"
                        + " needed; messages are answered 452");

        disk.capacity(1L << 40);
        now = now.plusSeconds(1);
        queue.incoming();
        assertThat(logged).last().isEqualTo("queue: there is room again: messages are taken");
    }

    @Test
    void whatWasAnsweredBeforeAFailedForceIsCopiedForward() throws IOException {
        SimDisk disk = new SimDisk();
        LogQueue queue = open(disk);
        QueueId first = put(queue, 3000);
        disk.fault(
                (step, what) -> what.startsWith("force 00000001-0000") ? new IOException("Input/output error") : null);
        Arrival second = queue.arrival();
        second.write(ByteBuffer.wrap(Mails.text(2, 3000)));
        assertThatThrownBy(() -> second.commit(Mails.mail(second.id(), now, 3000)))
                .hasMessage("451 4.3.0 Error: queue file write error");
        now = now.plusSeconds(1);
        queue.compaction().run();
        assertThat(disk.list()).doesNotContain("00000001-0000.log").contains("00000001-0001.log");
        try (Body body = queue.body(first)) {
            assertThat(QueueContract.all(body)).isEqualTo(Mails.text(first.value(), 3000));
        }
        LogQueue again = open(disk.afterCrash(new Random(2)));
        assertThat(again.read(first)).isNotNull();
        assertThat(again.read(second.id())).isNull();
    }

    @Test
    void arrivalWhosePiecesAreLostIsRefused() throws IOException {
        SimDisk disk = new SimDisk();
        LogQueue queue = open(disk);
        Arrival slow = queue.arrival();
        slow.write(ByteBuffer.wrap(Mails.text(3, 5000)));
        disk.fault(
                (step, what) -> what.startsWith("write 00000001-0000") ? new IOException("Input/output error") : null);
        queue.flusher().round(true);
        disk.fault((step, what) -> null);
        now = now.plusSeconds(5);
        assertThatThrownBy(() -> slow.write(ByteBuffer.wrap(Mails.text(3, 5000))))
                .hasMessage("451 4.3.0 Error: queue file write error");
        slow.abort();
        put(queue, 10);
    }

    @Test
    void readOnlyDiskIsNotAskedAgainAndAgain() throws IOException {
        SimDisk disk = new SimDisk();
        LogQueue queue = open(disk);
        disk.fault((step, what) -> new IOException("Read-only file system"));
        Arrival arrival = queue.arrival();
        assertThatThrownBy(() -> arrival.commit(Mails.mail(arrival.id(), now, 0)))
                .hasMessage("451 4.3.0 Error: queue file write error");
        int steps = disk.steps();
        for (int i = 0; i < 100; i++) {
            assertThatThrownBy(queue::incoming).hasMessage("451 4.3.0 Error: queue file write error");
        }
        assertThat(disk.steps()).isEqualTo(steps);
        disk.fault((step, what) -> null);
        now = now.plusSeconds(2);
        put(queue, 10);
    }

    /// The clock stands until the test moves it, so whoever waits for a retry waits for the test: nothing may be
    /// committed beside a failure that is not this commit's own.
    @Test
    void flusherThreadWaitsAfterAFailure() throws IOException {
        SimDisk disk = new SimDisk();
        LogQueue queue = open(disk);
        QueueId id = put(queue, 10);
        AtomicInteger asked = new AtomicInteger();
        try (var background = Executors.newSingleThreadExecutor()) {
            queue.start(background);
            try {
                Arrival arrival = queue.arrival();
                disk.fault((step, what) -> {
                    if (Thread.currentThread().getName().equals("queue-flusher")) {
                        asked.incrementAndGet();
                    }
                    return new IOException("Input/output error");
                });
                assertThatThrownBy(() -> arrival.commit(Mails.mail(arrival.id(), now, 0)))
                        .hasMessage("451 4.3.0 Error: queue file write error");
                int before = asked.get();
                for (int i = 0; i < 50; i++) {
                    queue.later(id, new Queue.Later(now.plusSeconds(i), i, 0, false, List.of()));
                }
                assertThat(asked).as("the clock stands, so nothing is tried").hasValue(before);
            } finally {
                disk.fault((step, what) -> null);
                now = now.plusSeconds(5);
            }
            put(queue, 10);
            queue.close();
        }
        LogQueue again = open(disk);
        assertThat(again.read(id))
                .isNotNull()
                .satisfies(queued -> assertThat(queued.tries()).isEqualTo(49));
    }

    @Test
    void zerosAheadThatCannotBeWrittenAreNoFailure() throws IOException {
        SimDisk disk = new SimDisk();
        LogQueue queue = open(disk);
        AtomicInteger writes = new AtomicInteger();
        disk.fault((step, what) -> {
            boolean zeros = what.startsWith("write 00000001-0000") && writes.incrementAndGet() >= 3;
            return zeros ? new IOException("No space left on device") : null;
        });
        QueueId id = put(queue, 10);
        assertThat(writes).as("header, records, zeros").hasValue(3);
        disk.fault((step, what) -> null);
        QueueId next = put(queue, 10);

        LogQueue again = open(disk.afterCrash(new Random(3)));
        assertThat(again.read(id)).isNotNull();
        assertThat(again.read(next)).isNotNull();
    }

    private LogQueue open(SimDisk disk) throws IOException {
        LogQueue queue = new LogQueue(disk, QueueScript.SMALL, () -> now, (service, text) -> logged.add(text));
        queue.recover();
        return queue;
    }

    private QueueId put(LogQueue queue, int size) {
        Queue.Incoming incoming = queue.incoming();
        incoming.write(ByteBuffer.wrap(Mails.text(incoming.id().value(), size)));
        incoming.commit(Mails.mail(incoming.id(), now, size));
        return incoming.id();
    }
}
