package postern.handover;

import java.time.Duration;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// One next hop and its lines: no more at a time than it likes (`relay_destination_concurrency_limit`). A
/// message that waits for its client loses its line to the next one that needs one, but for the moment that
/// a client nearby needs to go on. Safe for use from many threads.
final class Hop {
    /// Nanoseconds that a line rests before it may be lost: to be asked again costs two messages a round trip.
    private static final long MOMENT = 10_000_000;

    private record Resting(Line line, long since) {}

    private final int most;
    private final ArrayDeque<Resting> resting = new ArrayDeque<>();
    private int taken;
    private int waiting;
    private boolean watched;

    /// @param most lines at a time; 0 for no limit
    Hop(int most) {
        this.most = most <= 0 ? Integer.MAX_VALUE : most;
    }

    /// One line may be opened; it ends with [#give].
    ///
    /// @param lost the line of another message, which made way: to be closed first
    record Permit(@Nullable Line lost) {}

    /// Waits for a line at most so long; null when there was none.
    synchronized @Nullable Permit take(Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        while (taken >= most) {
            long now = System.nanoTime();
            Resting first = resting.peekFirst();
            long ripe = first == null ? Long.MAX_VALUE : first.since + MOMENT - now;
            if (first != null && ripe <= 0) {
                resting.removeFirst();
                handOn();
                return new Permit(first.line);
            }
            long left = end - now;
            if (left <= 0 || !await(left, ripe)) {
                handOn();
                return null;
            }
        }
        taken++;
        handOn();
        return new Permit(null);
    }

    /// Somebody else has to see to the lines that rest.
    private void handOn() {
        if (waiting > 0 && !watched && !resting.isEmpty()) {
            notify();
        }
    }

    /// A line is done with.
    synchronized void give() {
        taken--;
        notify();
    }

    /// The message of this line waits for its client: whoever needs the line may have it.
    synchronized void rest(Line line) {
        resting.addLast(new Resting(line, System.nanoTime()));
        if (waiting > 0 && !watched) {
            notify();
        }
    }

    /// Takes a line back that rests. False when another message has it.
    synchronized boolean resume(Line line) {
        return resting.removeIf(each -> each.line == line);
    }

    /// Waits for a line that is done with; one of those who wait also for the first of those that rest.
    private boolean await(long left, long ripe) {
        boolean watching = !watched && ripe < Long.MAX_VALUE;
        watched |= watching;
        waiting++;
        try {
            wait(Math.max(1, (watching ? Math.min(left, ripe) : left) / 1_000_000));
            return true;
        } catch (InterruptedException e) {
            return false;
        } finally {
            waiting--;
            watched &= !watching;
        }
    }

    synchronized boolean isIdle() {
        return taken == 0 && waiting == 0;
    }
}
