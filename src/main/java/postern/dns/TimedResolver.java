package postern.dns;

import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Waits for another resolver's answers for so long and no longer. A question that takes longer goes on by
/// itself, and who asks again may find its answer kept.
public final class TimedResolver implements Resolver {
    private final Resolver resolver;
    private final Supplier<Duration> left;

    /// @param left the time there is for the next answer
    public TimedResolver(Resolver resolver, Supplier<Duration> left) {
        this.resolver = resolver;
        this.left = left;
    }

    private <T> Answer<T> inTime(Supplier<Answer<T>> question) {
        long nanos = left.get().toNanos();
        Answer<T> late = new Answer.TempFail<>("no answer in time");
        return nanos <= 0
                ? late
                : CompletableFuture.supplyAsync(question, Thread::startVirtualThread)
                        .completeOnTimeout(late, nanos, TimeUnit.NANOSECONDS)
                        .join();
    }

    @Override
    public Answer<Mx> mx(String domain) {
        return inTime(() -> resolver.mx(domain));
    }

    @Override
    public Answer<String> ns(String zone) {
        return inTime(() -> resolver.ns(zone));
    }

    @Override
    public Answer<InetAddress> a(String host) {
        return inTime(() -> resolver.a(host));
    }

    @Override
    public Answer<InetAddress> aaaa(String host) {
        return inTime(() -> resolver.aaaa(host));
    }

    @Override
    public Answer<String> ptr(InetAddress address) {
        return inTime(() -> resolver.ptr(address));
    }

    @Override
    public Answer<String> txt(String name) {
        return inTime(() -> resolver.txt(name));
    }
}
