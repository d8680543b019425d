package postern.queue;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import postern.smtp.Reply;

/// Whether the disk fails, what to answer then, and when to try again: a second after the first failure, and a
/// second later each time until a minute has gone by without one; after half a minute at the latest. So a disk
/// that fails now and then for hours makes few segments. Changed by the flusher, read by everybody.
final class Failures {
    private static final Duration CLEAN = Duration.ofMinutes(1);
    private static final int LONGEST = 30;

    private final InstantSource clock;
    private volatile @Nullable Failure last;
    private Instant lastAt = Instant.MIN;
    private int seconds;

    private record Failure(Reply reply, Pause pause) {}

    Failures(InstantSource clock) {
        this.clock = clock;
    }

    /// A round failed.
    void failed(Reply reply) {
        Instant now = clock.instant();
        boolean again = now.isBefore(lastAt.plus(CLEAN));
        seconds = again ? Math.min(seconds + 1, LONGEST) : 1;
        lastAt = now;
        last = new Failure(reply, new Pause(clock, Duration.ofSeconds(seconds)));
    }

    /// A round passed.
    void passed() {
        last = null;
    }

    /// Whether the last round failed.
    boolean last() {
        return last != null;
    }

    /// What to answer; null when nothing fails, or when it is time to try again.
    @Nullable
    Reply refusal() {
        Failure failure = last;
        return failure == null || failure.pause().isOver() ? null : failure.reply();
    }

    /// How long nothing is to be tried.
    Duration pause() {
        Failure failure = last;
        return failure == null ? Duration.ZERO : failure.pause().left();
    }
}
