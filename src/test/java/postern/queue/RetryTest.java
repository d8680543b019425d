package postern.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import postern.config.ConfigException;
import postern.config.MainCf;

class RetryTest {
    private static final Instant ARRIVAL = QueueContract.START;

    private static Retry retry(Map<String, String> settings) {
        return new Retry(MainCf.of(Path.of("."), settings), new Random(7));
    }

    private static Duration waitAtAge(Duration age) {
        Instant now = ARRIVAL.plus(age);
        return Duration.between(now, retry(Map.of()).next(ARRIVAL, now));
    }

    @Test
    void waitsAsLongAsTheMessageIsOldWithinTheLimits() {
        assertThat(waitAtAge(Duration.ZERO)).isBetween(Duration.ofSeconds(300), Duration.ofSeconds(330));
        assertThat(waitAtAge(Duration.ofSeconds(1000))).isBetween(Duration.ofSeconds(1000), Duration.ofSeconds(1100));
        assertThat(waitAtAge(Duration.ofDays(4))).isBetween(Duration.ofSeconds(4000), Duration.ofSeconds(4400));
    }

    /// A million messages deferred in one moment must not come back in one moment.
    @Test
    void retriesAreSpread() {
        Retry retry = retry(Map.of());
        int[] perSecond = new int[40];
        for (int i = 0; i < 30_000; i++) {
            Duration wait = Duration.between(ARRIVAL, retry.next(ARRIVAL, ARRIVAL));
            perSecond[(int) (wait.toSeconds() - 300)]++;
        }
        for (int second = 0; second < 30; second++) {
            assertThat(perSecond[second]).as("retries in second %d", second).isBetween(800, 1200);
        }
    }

    @Test
    void noticeHasALifetimeOfItsOwn() {
        PostOffice office = new PostOffice();
        Mail letter = office.committed("a@example.net", "b@example.com");
        Mail notice = office.committed(postern.address.Path.NULL, letter.params(), letter.recipients());
        Retry retry = retry(Map.of("bounce_queue_lifetime", "1d"));
        Instant nextDay = ARRIVAL.plus(Duration.ofDays(1));
        assertThat(retry.isExpired(letter, nextDay)).isFalse();
        assertThat(retry.isExpired(notice, nextDay)).isTrue();
        assertThat(retry.isExpired(letter, ARRIVAL.plus(Duration.ofDays(5)))).isTrue();
    }

    @Test
    void leastAboveMostIsRefused() {
        assertThatThrownBy(() -> retry(Map.of("minimal_backoff_time", "2h")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("minimal_backoff_time");
    }
}
