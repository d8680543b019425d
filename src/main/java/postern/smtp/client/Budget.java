package postern.smtp.client;

import java.time.Duration;

/// What time is left for a message with its next hop, over all servers and steps together: each step has that,
/// or its own limit, whichever is less. Without an end at first. Confined to the thread that has the message.
public final class Budget {
    private boolean limited;
    private long end;

    /// Ends so long from now.
    public void in(Duration time) {
        until(System.nanoTime() + time.toNanos());
    }

    /// Ends then, as [System#nanoTime()] counts.
    public void until(long nanoTime) {
        limited = true;
        end = nanoTime;
    }

    /// Whether there is an end.
    boolean isLimited() {
        return limited;
    }

    /// What is left of it.
    Duration left() {
        return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }

    /// Whether nothing is left.
    boolean isSpent() {
        return limited && System.nanoTime() - end >= 0;
    }

    /// How long a step may take.
    Duration of(Duration step) {
        if (!limited) {
            return step;
        }
        Duration left = left();
        return left.compareTo(step) < 0 ? left : step;
    }
}
