package postern.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import postern.net.Deadline;

/// A minute's patience, and 1 KB a second earned.
class PaceTest {
    private long now = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
    private Duration given = Duration.ZERO;
    private final Pace pace = new Pace(new Recorded(), () -> Instant.ofEpochMilli(now), Duration.ofSeconds(60), 1024);

    private final class Recorded implements Deadline {
        @Override
        public void in(Duration time) {
            given = time;
        }

        @Override
        public void never() {}

        @Override
        public boolean expired() {
            return false;
        }
    }

    /// A piece that takes so many seconds to come.
    private @Nullable ByteBuffer piece(int seconds, int bytes) throws IOException {
        return pace.next(() -> {
            now += seconds * 1000L;
            return ByteBuffer.allocate(bytes);
        });
    }

    @Test
    void slowerThanTheRateRunsOutInAMinute() throws IOException {
        for (int i = 0; i < 12; i++) {
            piece(10, 5120);
        }
        assertThat(pace.left()).isZero();
    }

    @Test
    void atTheRateItGoesOnForEver() throws IOException {
        for (int i = 0; i < 100; i++) {
            piece(10, 10_240);
        }
        assertThat(pace.left()).isEqualTo(Duration.ofSeconds(60));
        assertThat(given).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void timeBetweenChunksIsTheClients() throws IOException {
        piece(1, 1024);
        pace.pause();
        now += 45_000;
        pace.resume();
        assertThat(pace.left()).isEqualTo(Duration.ofSeconds(15));
    }

    @Test
    void timeBetweenPiecesWithoutAPauseIsOurs() throws IOException {
        piece(1, 1024);
        now += 45_000;
        piece(1, 1024);
        assertThat(pace.left()).isEqualTo(Duration.ofSeconds(60));
    }
}
