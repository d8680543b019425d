package postern.transcript;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/// A clock that stands until it is moved.
public final class VirtualTime implements InstantSource {
    private final AtomicLong millis =
            new AtomicLong(Instant.parse("2026-11-22T15:04:05Z").toEpochMilli());

    public void advance(Duration time) {
        millis.addAndGet(time.toMillis());
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis.get());
    }

    @Override
    public long millis() {
        return millis.get();
    }
}
