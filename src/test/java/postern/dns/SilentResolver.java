package postern.dns;

import java.net.InetAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// Name servers that say nothing until the test is over.
public final class SilentResolver implements Resolver, AutoCloseable {
    private final CountDownLatch over = new CountDownLatch(1);
    private final AtomicInteger asked = new AtomicInteger();

    /// How many questions have come.
    public int asked() {
        return asked.get();
    }

    private <T> Answer<T> never() {
        asked.incrementAndGet();
        try {
            over.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return new Answer.TempFail<>("over");
    }

    @Override
    public Answer<Mx> mx(String domain) {
        return never();
    }

    @Override
    public Answer<String> ns(String zone) {
        return never();
    }

    @Override
    public Answer<InetAddress> a(String host) {
        return never();
    }

    @Override
    public Answer<InetAddress> aaaa(String host) {
        return never();
    }

    @Override
    public Answer<String> ptr(InetAddress address) {
        return never();
    }

    @Override
    public Answer<String> txt(String name) {
        return never();
    }

    @Override
    public void close() {
        over.countDown();
    }
}
