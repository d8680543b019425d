package postern.handover;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/// Who gets the next line.
class HopTest {
    private static final Duration LONG = Duration.ofMinutes(4);

    private final Hop hop = new Hop(1);

    @Test
    void lineGoesToWhoHasWaitedLongest() throws InterruptedException {
        assertThat(hop.take(LONG)).isNotNull();
        ConcurrentLinkedQueue<Integer> order = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            int number = i;
            threads.add(Thread.ofVirtual().start(() -> {
                assertThat(hop.take(LONG)).isNotNull();
                order.add(number);
                hop.give();
            }));
            awaitWaiting(i + 1);
        }
        hop.give();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(order).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19);
        assertThat(hop.isIdle()).isTrue();
    }

    @Test
    void whoWaitsInVainLeavesTheOthersTheirTurn() throws InterruptedException {
        assertThat(hop.take(LONG)).isNotNull();
        Thread impatient = Thread.ofVirtual()
                .start(() -> assertThat(hop.take(Duration.ofMillis(20))).isNull());
        awaitWaiting(1);
        Thread patient = Thread.ofVirtual().start(() -> {
            assertThat(hop.take(LONG)).isNotNull();
            hop.give();
        });
        impatient.join();
        hop.give();
        patient.join();
        assertThat(hop.isIdle()).isTrue();
    }

    private void awaitWaiting(int count) {
        while (hop.waiting() < count) {
            Thread.yield();
        }
    }
}
