package postern.queue;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// A time in which something is not tried again. It is over early when the clock is set back.
final class Pause {
    private final InstantSource clock;
    private final Duration length;
    private final Instant start;

    Pause(InstantSource clock, Duration length) {
        this.clock = clock;
        this.length = length;
        this.start = clock.instant();
    }

    boolean isOver() {
        return !left().isPositive();
    }

    Duration left() {
        Duration past = Duration.between(start, clock.instant());
        return past.isNegative() ? Duration.ZERO : length.minus(past);
    }
}
