package postern.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import postern.log.MailLog;
import postern.smtp.Reply;

/// Disks that go on failing: for hours, or for ever. Files do not pile up, nobody waits for what cannot come.
class FailingDiskTest {
    private static final QueueLimits FEW_BUFFERS = new QueueLimits(
            64 * 1024,
            1000,
            Duration.ofMinutes(10),
            Duration.ofSeconds(30),
            4096,
            8,
            8192,
            16 * 1024,
            0,
            TakenIds.Limits.STANDARD);

    private volatile Instant now = QueueContract.START;

    /// Ways in which a disk fails for hours.
    enum Hours {
        NOTHING_WORKS {
            @Override
            boolean fails(String what, Random random) {
                return true;
            }
        },
        NOTHING_IS_WRITTEN_BUT_HEADERS {
            @Override
            boolean fails(String what, Random random) {
                return what.startsWith("write") && !what.contains(" 0+");
            }
        },
        NOTHING_IS_FORCED {
            @Override
            boolean fails(String what, Random random) {
                return what.startsWith("force");
            }
        },
        FORCES_OF_FILES_FAIL {
            @Override
            boolean fails(String what, Random random) {
                return what.startsWith("force 0");
            }
        },
        READ_ONLY_AFTER_A_FORCE_FAILED {
            @Override
            boolean fails(String what, Random random) {
                return !what.startsWith("write");
            }
        },
        EVERY_SECOND_STEP {
            @Override
            boolean fails(String what, Random random) {
                return random.nextBoolean();
            }
        };

        abstract boolean fails(String what, Random random);
    }

    @ParameterizedTest
    @EnumSource
    void hoursOfFailureLeaveFewFilesAndLoseNothing(Hours how) throws IOException {
        SimDisk disk = new SimDisk();
        LogQueue queue = open(disk);
        QueueId kept = put(queue, 5000);
        Random random = new Random(11);
        disk.fault((step, what) -> how.fails(what, random) ? new IOException("Input/output error") : null);
        int[] taken = {0};
        int files = hours(queue, disk, kept, taken);
        disk.fault((step, what) -> null);
        for (int i = 0; i < 10; i++) {
            now = now.plusSeconds(700);
            queue.flusher().round(true);
            queue.chores();
            queue.compaction().run();
        }
        assertThat(disk.list().size()).as("when all is well again").isLessThanOrEqualTo(6);
        LogQueue again = open(disk.afterCrash(new Random(4)));
        assertThat(again.read(kept))
                .isNotNull()
                .satisfies(queued -> assertThat(queued.tries()).isEqualTo(HOURS));
        assertThat(again.counts().waiting()).isEqualTo(1 + taken[0]);
        // what works now and then leaves segments behind that something counts in
        assertThat(files).as("files at most").isLessThan(how == Hours.EVERY_SECOND_STEP ? 400 : 5);
    }

    private static final int HOURS = 6 * 3600;

    /// Six hours, in which every second somebody brings a message and another one is deferred again. Returns the
    /// most files there were.
    private int hours(LogQueue queue, SimDisk disk, QueueId kept, int[] taken) {
        int most = 0;
        for (int second = 1; second <= HOURS; second++) {
            now = now.plusSeconds(1);
            try {
                put(queue, 100);
                taken[0]++;
            } catch (Reply.Refused e) {
                assertThat(e).hasMessage("451 4.3.0 Error: queue file write error");
            }
            queue.later(kept, new Queue.Later(now.plusSeconds(60), second, 0, false, List.of("down")));
            if (queue.flusher().refusal() == null) {
                queue.flusher().round(false);
            }
            queue.chores();
            queue.compaction().run();
            most = Math.max(most, disk.list().size());
        }
        return most;
    }

    /// The flusher runs, and the disk never works again: each commit is refused, and so is everybody who comes
    /// while it waits for its next try. Who records what became of mail waits no longer than the queue is open.
    @Test
    void nobodyWaitsForADiskThatFailsForEver() throws Exception {
        SimDisk disk = new SimDisk();
        LogQueue queue = new LogQueue(disk, FEW_BUFFERS, () -> now, MailLog.none());
        queue.recover();
        try (ExecutorService background = Executors.newSingleThreadExecutor()) {
            queue.start(background);
            List<QueueId> ids = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                ids.add(put(queue, 10));
            }
            disk.fault((step, what) -> new IOException("Input/output error"));
            List<Thread> committing = new ArrayList<>();
            AtomicInteger refused = new AtomicInteger();
            for (int i = 0; i < 20; i++) {
                committing.add(Thread.ofVirtual().start(() -> {
                    for (int n = 0; n < 20; n++) {
                        try {
                            put(queue, 3000);
                        } catch (Reply.Refused e) {
                            refused.incrementAndGet();
                        }
                    }
                }));
            }
            AtomicInteger recorded = new AtomicInteger();
            Thread delivering = Thread.ofVirtual()
                    .start(() -> ids.forEach(id -> {
                        queue.later(id, new Queue.Later(now, 1, 0, false, List.of("r".repeat(200))));
                        recorded.incrementAndGet();
                    }));
            for (Thread thread : committing) {
                while (thread.isAlive()) {
                    now = now.plusSeconds(1);
                    thread.join(Duration.ofMillis(10));
                }
            }
            assertThat(refused).as("each is answered").hasValue(400);
            queue.close();
            delivering.join();
            assertThat(recorded).hasValue(200);
            assertThatThrownBy(queue::incoming).hasMessage("451 4.3.0 Error: queue file write error");
        }
    }

    private LogQueue open(SimDisk disk) throws IOException {
        LogQueue queue = new LogQueue(disk, QueueScript.SMALL, () -> now, MailLog.none());
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
