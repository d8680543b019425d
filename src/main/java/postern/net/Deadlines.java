package postern.net;

import java.io.Closeable;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/// Looks over all open connections four times a second and ends what waits for longer than its [Deadline]
/// allows. While nothing is open its thread sleeps.
///
/// Without [#start()] no thread runs and [#tick()] is called by hand: how tests move time.
public final class Deadlines implements Closeable {
    private static final long STEP = Duration.ofMillis(250).toNanos();

    /// Something with a deadline. Whoever asked to be watched must ask to be forgotten.
    @FunctionalInterface
    interface Watched {
        /// Must not block and must not throw.
        void look(long now);
    }

    private final InstantSource clock;
    private final Set<Watched> watched = ConcurrentHashMap.newKeySet();
    private final Thread thread;
    private volatile boolean idle;
    private volatile boolean closed;

    /// @param clock one that never jumps: [Uptime]
    public Deadlines(InstantSource clock) {
        this.clock = clock;
        this.thread = Thread.ofPlatform().daemon().name("deadlines").unstarted(this::run);
    }

    /// Starts the thread; returns this.
    public Deadlines start() {
        thread.start();
        return this;
    }

    /// Looks once at everything that is watched.
    public void tick() {
        long now = clock.millis();
        for (Watched each : watched) {
            each.look(now);
        }
    }

    /// Ends the thread; what is open stays open and has no deadlines any more.
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }

    long now() {
        return clock.millis();
    }

    void watch(Watched entry) {
        watched.add(entry);
        if (idle) {
            LockSupport.unpark(thread);
        }
    }

    void forget(Watched entry) {
        watched.remove(entry);
    }

    int size() {
        return watched.size();
    }

    private void run() {
        while (!closed) {
            idle = true;
            if (watched.isEmpty()) {
                LockSupport.park(this);
            }
            idle = false;
            if (!watched.isEmpty()) {
                LockSupport.parkNanos(this, STEP);
                tick();
            }
        }
    }
}
