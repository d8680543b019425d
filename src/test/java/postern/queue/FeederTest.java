package postern.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FeederTest {
    private final Semaphore passes = new Semaphore(0);

    private boolean passed() throws InterruptedException {
        return passes.tryAcquire(20, TimeUnit.SECONDS);
    }

    @Test
    void looksAgainWhenItIsWokenAndEndsWhenItIsStopped() throws InterruptedException {
        Feeder feeder = new Feeder(() -> {
            passes.release();
            return Duration.ofDays(1);
        });
        Thread thread = Thread.ofVirtual().start(feeder);
        assertThat(passed()).isTrue();
        feeder.wake();
        assertThat(passed()).isTrue();
        feeder.stop();
        assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
    }

    @Test
    void looksAgainByItselfWhenMailIsDue() throws InterruptedException {
        Feeder feeder = new Feeder(() -> {
            passes.release();
            return Duration.ZERO;
        });
        Thread thread = Thread.ofVirtual().start(feeder);
        for (int i = 0; i < 3; i++) {
            assertThat(passed()).isTrue();
        }
        feeder.stop();
        assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
    }

    @Test
    void wakingBeforeItSleepsIsNotLost() throws InterruptedException {
        Feeder[] feeder = new Feeder[1];
        feeder[0] = new Feeder(() -> {
            passes.release();
            if (passes.availablePermits() == 1) {
                feeder[0].wake();
            }
            return Duration.ofDays(1);
        });
        Thread thread = Thread.ofVirtual().start(feeder[0]);
        assertThat(passes.tryAcquire(2, 20, TimeUnit.SECONDS)).isTrue();
        feeder[0].stop();
        assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
    }
}
