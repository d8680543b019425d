package postern.handover;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One next hop and its lines: no more at a time than it likes (`relay_destination_concurrency_limit`). Who
/// needs one waits in line for it. A message that waits for its client loses its line to the first of those,
/// but for the moment that a client nearby needs to go on. Safe for use from many threads.
final class Hop {
    /// Nanoseconds that a line rests before it may be lost: to be asked again costs two messages a round trip.
    private static final long MOMENT = 10_000_000;

    private record Resting(Line line, long since) {}

    /// A message that waits for a line.
    private static final class Waiting {
        private final Condition turn;
        private @Nullable Permit permit;

        Waiting(Condition turn) {
            this.turn = turn;
        }
    }

    private final int most;
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Resting> resting = new ArrayDeque<>();
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private int taken;

    /// @param most lines at a time; 0 for no limit
    Hop(int most) {
        this.most = most <= 0 ? Integer.MAX_VALUE : most;
    }

    /// One line may be opened; it ends with [#give].
    ///
    /// @param lost the line of another message, which made way: to be closed first
    record Permit(@Nullable Line lost) {}

    private static final Permit FREE = new Permit(null);

    /// Waits for a line at most so long; null when there was none.
    @Nullable
    Permit take(Duration patience) {
        lock.lock();
        try {
            if (taken < most) {
                taken++;
                return FREE;
            }
            return await(patience.toNanos());
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Permit await(long patience) {
        Waiting me = new Waiting(lock.newCondition());
        waiting.addLast(me);
        long end = System.nanoTime() + patience;
        while (me.permit == null) {
            long now = System.nanoTime();
            long ripe = waiting.peekFirst() == me ? untilRipe(now) : Long.MAX_VALUE;
            if (ripe <= 0) {
                me.permit = new Permit(resting.removeFirst().line());
            } else if (end - now <= 0 || !sleep(me, Math.min(end - now, ripe))) {
                break;
            }
        }
        if (waiting.remove(me)) {
            wakeFirst();
        }
        return me.permit;
    }

    private static boolean sleep(Waiting me, long nanos) {
        try {
            me.turn.awaitNanos(nanos);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    /// Nanoseconds until the first line that rests may be lost.
    private long untilRipe(long now) {
        Resting first = resting.peekFirst();
        return first == null ? Long.MAX_VALUE : Math.max(0, first.since + MOMENT - now);
    }

    /// The first in line sees to the lines that rest.
    private void wakeFirst() {
        Waiting first = waiting.peekFirst();
        if (first != null) {
            first.turn.signal();
        }
    }

    /// A line is done with: the next in line has it.
    void give() {
        lock.lock();
        try {
            Waiting next = waiting.pollFirst();
            if (next == null) {
                taken--;
                return;
            }
            next.permit = FREE;
            next.turn.signal();
            if (!resting.isEmpty()) {
                wakeFirst();
            }
        } finally {
            lock.unlock();
        }
    }

    /// The message of this line waits for its client: whoever needs the line may have it.
    void rest(Line line) {
        lock.lock();
        try {
            resting.addLast(new Resting(line, System.nanoTime()));
            if (resting.size() == 1) {
                wakeFirst();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Takes a line back that rests. False when another message has it.
    boolean resume(Line line) {
        lock.lock();
        try {
            return resting.removeIf(each -> each.line == line);
        } finally {
            lock.unlock();
        }
    }

    /// How many wait.
    int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    boolean isIdle() {
        lock.lock();
        try {
            return taken == 0 && waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }
}
