package postern.net;

import java.time.Instant;
import java.time.InstantSource;

/// Time that never jumps: what has passed since this object was made, counted from the epoch. For deadlines;
/// never for a date in a header.
public final class Uptime implements InstantSource {
    private final long start = System.nanoTime();

    @Override
    public Instant instant() {
        return Instant.EPOCH.plusNanos(System.nanoTime() - start);
    }

    @Override
    public long millis() {
        return (System.nanoTime() - start) / 1_000_000;
    }
}
