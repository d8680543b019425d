package postern.queue;

import java.time.Duration;

/// Takes waiting mail when it is due and there is room for it: one thread that sleeps in between.
final class Feeder implements Runnable {
    private static final Duration LONGEST_SLEEP = Duration.ofMinutes(1);
    private static final Duration SHORTEST_SLEEP = Duration.ofMillis(20);

    /// One look at the queue.
    @FunctionalInterface
    interface Pass {
        /// Takes what can be taken; returns how long there is nothing to do.
        Duration run();
    }

    private final Pass pass;
    private boolean woken;
    private boolean stopped;

    Feeder(Pass pass) {
        this.pass = pass;
    }

    @Override
    public void run() {
        while (sleep(pass.run())) {
            // and again
        }
    }

    /// There may be something to do now.
    synchronized void wake() {
        woken = true;
        notifyAll();
    }

    synchronized void stop() {
        stopped = true;
        notifyAll();
    }

    /// Returns false when it is time to end. Never sleeps longer than a minute: the clock may be set.
    private synchronized boolean sleep(Duration idle) {
        long millis = Math.clamp(idle.toMillis(), SHORTEST_SLEEP.toMillis(), LONGEST_SLEEP.toMillis());
        long until = System.nanoTime() + millis * 1_000_000;
        while (!woken && !stopped) {
            long left = (until - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                break;
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                throw new IllegalStateException("nothing is ever interrupted", e);
            }
        }
        woken = false;
        return !stopped;
    }
}
