package postern.handover;

import java.time.Duration;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// One next hop and its lines: no more at a time than it likes (`relay_destination_concurrency_limit`). A
/// message that waits for its client loses its line to the next one that needs one. Safe for use from many
/// threads.
final class Hop {
    private final int most;
    private final ArrayDeque<Line> resting = new ArrayDeque<>();
    private int taken;
    private int waiting;

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
            Line line = resting.pollFirst();
            if (line != null) {
                return new Permit(line);
            }
            long left = end - System.nanoTime();
            if (left <= 0 || !await(left)) {
                return null;
            }
        }
        taken++;
        return new Permit(null);
    }

    /// A line is done with.
    synchronized void give() {
        taken--;
        notify();
    }

    /// The message of this line waits for its client: whoever needs the line may have it.
    synchronized void rest(Line line) {
        resting.addLast(line);
        if (waiting > 0) {
            notify();
        }
    }

    /// Takes a line back that rests. False when another message has it.
    synchronized boolean resume(Line line) {
        return resting.remove(line);
    }

    private boolean await(long nanos) {
        waiting++;
        try {
            wait(Math.max(1, nanos / 1_000_000));
            return true;
        } catch (InterruptedException e) {
            return false;
        } finally {
            waiting--;
        }
    }

    synchronized boolean isIdle() {
        return taken == 0 && waiting == 0;
    }
}
