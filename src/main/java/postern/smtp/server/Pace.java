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

    private static final Duration STREAM = Duration.ofSeconds(60);

    private final Deadline deadline;
    private final InstantSource clock;
    private final long limit;
    private final long bytesPerSecond;
    private long left;
    private long paused;

    Pace(Deadline deadline, InstantSource clock, Duration limit, int bytesPerSecond) {
        this.deadline = deadline;
        this.clock = clock;
        this.limit = limit.toMillis();
        this.bytesPerSecond = Math.max(1, bytesPerSecond);
        this.left = this.limit;
    }

    /// For a text that begins now. Where text goes on while it comes, a client has a minute instead of
    /// `smtpd_timeout`, and `postern_min_data_rate` counts.
    static Pace of(SmtpSession session) {
        Duration limit = session.conf(SessionParameters.SMTPD_TIMEOUT);
        int rate = session.conf(SessionParameters.SMTPD_MIN_DATA_RATE);
        if (session.server().intake(session.identity()).streams()) {
            limit = limit.compareTo(STREAM) < 0 ? limit : STREAM;
            rate = Math.max(rate, session.conf(SessionParameters.POSTERN_MIN_DATA_RATE));
        }
        return new Pace(session.chat().connection().deadline(), session.server().clock(), limit, rate);
    }

    /// What time the client has left now.
    Duration left() {
        return Duration.ofMillis(Math.max(0, left));
    }

    /// A chunk is complete: the client is waited for until [#resume()].
    void pause() {
        paused = clock.millis();
    }

    /// The next chunk begins. The time until here was the client's.
    void resume() {
        left -= paused == 0 ? 0 : clock.millis() - paused;
        paused = 0;
    }

    /// Waits for the next piece.
    @Nullable
    ByteBuffer next(Pieces pieces) throws IOException {
        long begun = clock.millis();
        deadline.in(left());
        ByteBuffer piece = pieces.next();
        if (piece != null) {
            long spent = clock.millis() - begun;
            left = Math.min(limit, left - spent + piece.remaining() * 1000L / bytesPerSecond);
        }
        return piece;
    }
}
