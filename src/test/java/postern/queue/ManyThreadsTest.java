package postern.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import postern.log.MailLog;

/// The scheduler over the real log, with real threads: whatever the order, each recipient gets each message
/// once, and each sender one notice for what fails.
@Timeout(120)
class ManyThreadsTest {
    private static final int BRINGERS = 16;
    private static final int MAILS_EACH = 50;

    @TempDir
    private Path directory;

    private final AtomicReference<Instant> now = new AtomicReference<>(QueueContract.START);
    private final Map<String, Integer> sent = new ConcurrentHashMap<>();
    private final Threads threads = new Threads();

    /// Virtual threads, and a way to wait until none is left.
    private static final class Threads implements Executor {
        private int running;

        @Override
        public synchronized void execute(Runnable task) {
            running++;
            Thread.startVirtualThread(() -> {
                try {
                    task.run();
                } finally {
                    ended();
                }
            });
        }

        private synchronized void ended() {
            running--;
            notifyAll();
        }

        synchronized void awaitNone() {
            while (running > 0) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    /// Some are refused, some wait once or twice, one next hop is down for the first hour.
    private DeliveryResult deliver(DeliveryRequest request) {
        String domain = request.nextHop();
        boolean down = domain.startsWith("d7.") && now.get().isBefore(QueueContract.START.plusSeconds(3600));
        if (request.mail().isNotice()) {
            return sent(request);
        } else if (down) {
            return PostOffice.unreachable(request);
        } else if (domain.startsWith("d3.")) {
            return PostOffice.bounced(request);
        } else if (domain.startsWith("d5.") && request.tries() < 2) {
            return PostOffice.greylisted(request);
        }
        return sent(request);
    }

    private DeliveryResult sent(DeliveryRequest request) {
        request.recipients()
                .forEach(recipient -> sent.merge(
                        request.mail().sender() + " " + request.mail().messageId() + " "
                                + recipient.address().internal(),
                        1,
                        Integer::sum));
        return PostOffice.sent(request);
    }

    @Test
    void everyRecipientGetsEveryMessageOnce() throws IOException {
        try (LogQueue queue = LogQueue.open(
                directory,
                QueueLimits.standard(0, TakenIds.Limits.STANDARD),
                now::get,
                MailLog.none(),
                Thread::startVirtualThread)) {
            PostOffice office = new PostOffice(queue, new MemoryQueue(now::get));
            office.now = QueueContract.START;
            Bringing bringing = new Bringing(office, queue);
            bringing.bringAll();
            threads.awaitNone();
            for (int round = 0; round < 20 && queue.counts().waiting() > 0; round++) {
                now.updateAndGet(time -> time.plus(Duration.ofMinutes(15)));
                bringing.scheduler.fetch();
                threads.awaitNone();
            }
            assertThat(queue.counts()).isEqualTo(new Queue.Counts(0, 0, 0));
        }
        assertThat(sent.values()).allMatch(times -> times == 1);
        long notices =
                sent.keySet().stream().filter(key -> key.startsWith("<>")).count();
        assertThat(notices).as("one sender, one notice each").isEqualTo(BRINGERS * MAILS_EACH);
        assertThat(sent).hasSize(BRINGERS * MAILS_EACH * 10);
    }

    /// Each message goes to ten domains, of which one refuses it.
    private final class Bringing {
        private final PostOffice office;
        private final Queue queue;
        private final Scheduler scheduler;

        Bringing(PostOffice office, Queue queue) {
            this.office = office;
            this.queue = queue;
            this.scheduler = office.scheduler(ManyThreadsTest.this::deliver, threads, now::get);
        }

        void bringAll() {
            for (int bringer = 0; bringer < BRINGERS; bringer++) {
                String sender = "s" + bringer + "@example.net";
                threads.execute(() -> {
                    for (int i = 0; i < MAILS_EACH; i++) {
                        scheduler.arrived(mail(sender, i));
                    }
                });
            }
        }

        private Mail mail(String sender, int number) {
            String[] recipients = new String[10];
            for (int i = 0; i < recipients.length; i++) {
                recipients[i] = "u" + number + "@d" + i + ".example";
            }
            return office.commit(queue, sender, "<" + number + "@example.net>", recipients);
        }
    }
}
