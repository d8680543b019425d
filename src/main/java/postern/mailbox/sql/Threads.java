package postern.mailbox.sql;

import java.util.List;

/// Waits for threads to end.
final class Threads {
    private Threads() {}

    static void join(List<Thread> threads) {
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException("nothing is interrupted here", e);
            }
        }
    }
}
