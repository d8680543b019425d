package postern.smtp.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import postern.net.Deadline;

/// How long a message may take: `smtpd_timeout` to begin with, less the time spent waiting for its sender,
/// more by what each piece earns at `smtpd_min_data_rate`, never above `smtpd_timeout`. Time spent on our
/// side does not count.
final class Pace {
    /// Where the pieces of a message come from.
    @FunctionalInterface
    interface Pieces {
        @Nullable
        ByteBuffer next() throws IOException;
    }

    private final Deadline deadline;
    private final InstantSource clock;
    private final long limit;
    private final long bytesPerSecond;
    private long left;

    Pace(Deadline deadline, InstantSource clock, Duration limit, int bytesPerSecond) {
        this.deadline = deadline;
        this.clock = clock;
        this.limit = limit.toMillis();
        this.bytesPerSecond = Math.max(1, bytesPerSecond);
        this.left = this.limit;
    }

    /// Waits for the next piece.
    @Nullable
    ByteBuffer next(Pieces pieces) throws IOException {
        long begun = clock.millis();
        deadline.in(Duration.ofMillis(Math.max(0, left)));
        ByteBuffer piece = pieces.next();
        if (piece != null) {
            long spent = clock.millis() - begun;
            left = Math.min(limit, left - spent + piece.remaining() * 1000L / bytesPerSecond);
        }
        return piece;
    }
}
