package postern.net;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// The platform threads for what is long in a TLS handshake: signatures, key exchange, certificate chains. A
/// virtual thread that did it itself would hold its carrier meanwhile, and a flood of handshakes all of them.
/// Who waits is bounded by the connections there are: one task each.
public final class HandshakePool {
    private HandshakePool() {}

    /// A pool for one process, one thread fewer than cores and at least one; the caller closes it.
    public static ExecutorService open() {
        return open(Math.max(1, Runtime.getRuntime().availableProcessors() - 1));
    }

    static ExecutorService open(int threads) {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads,
                threads,
                1,
                TimeUnit.MINUTES,
                new LinkedBlockingQueue<>(),
                work -> Thread.ofPlatform()
                        .name("tls-" + number.incrementAndGet())
                        .daemon()
                        .unstarted(work));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}
