package postern.net;

import java.util.concurrent.Semaphore;

/// The places of a listener: so many sessions at once. A tenth is kept for preferred clients, so that strangers
/// who hold on to their connections keep nobody else out. Who finds no place waits for one, in the order of
/// arrival.
///
/// Safe for use from many threads; waiting is for virtual threads.
final class Room {
    /// So many strangers may wait: as many as the kernel would keep.
    static final int MOST_WAITING = 1024;

    private static final int KEPT_PART = 10;

    private final Semaphore all;
    private final Semaphore forStrangers;
    private final Semaphore waiting = new Semaphore(MOST_WAITING);

    Room(int most) {
        all = new Semaphore(most, true);
        forStrangers = new Semaphore(most - most / KEPT_PART, true);
    }

    /// Takes a place, when there is one. Returns false, without one, for a stranger when too many wait already.
    boolean enter(boolean preferred) {
        if (!preferred && !forStrangers.tryAcquire()) {
            if (!waiting.tryAcquire()) {
                return false;
            }
            forStrangers.acquireUninterruptibly();
            waiting.release();
        }
        all.acquireUninterruptibly();
        return true;
    }

    void leave(boolean preferred) {
        all.release();
        if (!preferred) {
            forStrangers.release();
        }
    }
}
