package postern.sasl;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// The platform threads for what takes more than a millisecond of CPU: one fewer than cores, at least one, so
/// that password hashes never hold up the sessions. What no longer fits its queue is rejected
/// (`RejectedExecutionException`): the client is told to come again.
public final class HashPool {
    private static final int LONGEST_QUEUE = 256;

    private HashPool() {}

    /// A pool for one process; the caller closes it.
    public static ExecutorService open() {
        int threads = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads,
                threads,
                1,
                TimeUnit.MINUTES,
                new ArrayBlockingQueue<>(LONGEST_QUEUE),
                work -> Thread.ofPlatform()
                        .name("hash-" + number.incrementAndGet())
                        .daemon()
                        .unstarted(work));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}
