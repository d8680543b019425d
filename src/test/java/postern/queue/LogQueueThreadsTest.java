package postern.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import postern.log.MailLog;

/// Many threads on a real disk, small segments, time that flies: segments close and are emptied while messages
/// arrive, are read, deferred and done.
class LogQueueThreadsTest {
    private static final int WRITERS = 16;
    private static final int EACH = 60;
    private static final QueueLimits SMALL = new QueueLimits(
            40 * 1024,
            200,
            Duration.ofMinutes(10),
            Duration.ofSeconds(30),
            8192,
            32,
            8192,
            16 * 1024,
            0,
            TakenIds.Limits.STANDARD);

    @TempDir
    Path directory;

    private final AtomicReference<Instant> now = new AtomicReference<>(QueueContract.START);
    private final Map<QueueId, Integer> kept = new ConcurrentHashMap<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    @Test
    @Timeout(120)
    void nothingIsLostWhileSegmentsComeAndGo() throws Exception {
        try (ExecutorService background = Executors.newSingleThreadExecutor()) {
            LogQueue queue = open(background);
            List<Thread> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                Random random = new Random(i);
                writers.add(Thread.ofVirtual().start(() -> guarded(() -> work(queue, random))));
            }
            for (Thread writer : writers) {
                while (writer.isAlive()) {
                    now.updateAndGet(instant -> instant.plusSeconds(60));
                    queue.chores();
                    queue.compaction().run();
                    writer.join(Duration.ofMillis(2));
                }
            }
            assertThat(failures).isEmpty();
            check(queue);
            queue.close();
            LogQueue again = open(background);
            check(again);
            again.close();
        }
    }

    private void work(LogQueue queue, Random random) throws IOException {
        for (int i = 0; i < EACH; i++) {
            postern.queue.Queue.Incoming incoming = queue.incoming();
            QueueId id = incoming.id();
            byte[] text = Mails.text(id.value(), random.nextInt(9000));
            for (int at = 0; at < text.length; at += 2500) {
                incoming.write(ByteBuffer.wrap(text, at, Math.min(2500, text.length - at)));
            }
            incoming.commit(Mails.mail(id, QueueContract.START, text.length));
            assertThat(text(queue, id)).isEqualTo(text);
            if (random.nextInt(3) > 0) {
                queue.done(id, QueueContract.bits(0, 1, 2));
            } else {
                kept.put(id, text.length);
                queue.later(id, QueueContract.later(random.nextInt(100_000), 1));
                assertThat(text(queue, id)).isEqualTo(text);
            }
        }
    }

    private void check(LogQueue queue) throws IOException {
        Set<QueueId> there = new HashSet<>();
        queue.forEach(there::add);
        assertThat(there).isEqualTo(kept.keySet());
        for (QueueId id : there) {
            assertThat(text(queue, id)).isEqualTo(Mails.text(id.value(), kept.getOrDefault(id, -1)));
            assertThat(queue.read(id))
                    .isNotNull()
                    .satisfies(queued -> assertThat(queued.tries()).isEqualTo(1));
        }
    }

    private LogQueue open(ExecutorService background) throws IOException {
        return LogQueue.open(directory, SMALL, now::get, MailLog.none(), background);
    }

    private static byte[] text(LogQueue queue, QueueId id) throws IOException {
        try (Body body = queue.body(id)) {
            return QueueContract.all(body);
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private void guarded(Work work) {
        try {
            work.run();
        } catch (IOException | RuntimeException | AssertionError e) {
            failures.add(e);
        }
    }
}
