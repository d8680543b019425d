package postern.policy;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.config.Parameter;

/// What is known of addresses that were probed (ADDRESS_VERIFICATION_README).
///
/// A session waits for a probe at most `address_verify_poll_count` times `address_verify_poll_delay`; the
/// probe goes on and is there for the next attempt. An answer that begins to be old is used, and asked for
/// anew.
///
/// State: at most [#ENTRIES] answers in memory, the ones longest unused forgotten first; at most 50 probes
/// are under way at a time.
final class AddressVerification {
    static final Parameter<Duration> POSITIVE_EXPIRE = Parameter.time("address_verify_positive_expire_time", "31d")
            .doc("how long an address stays known as deliverable");
    static final Parameter<Duration> POSITIVE_REFRESH = Parameter.time("address_verify_positive_refresh_time", "7d")
            .doc("when a deliverable address is asked for anew");
    static final Parameter<Duration> NEGATIVE_EXPIRE = Parameter.time("address_verify_negative_expire_time", "3d")
            .doc("how long an address stays known as undeliverable");
    static final Parameter<Duration> NEGATIVE_REFRESH = Parameter.time("address_verify_negative_refresh_time", "3h")
            .doc("when an undeliverable address is asked for anew");
    static final Parameter<Boolean> NEGATIVE_CACHE = Parameter.bool("address_verify_negative_cache", "yes")
            .doc("whether undeliverable addresses are remembered");
    static final Parameter<Integer> POLL_COUNT = Parameter.integer("address_verify_poll_count", "${stress?{1}:{3}}")
            .doc("how often a client waits address_verify_poll_delay for a probe");
    static final Parameter<Duration> POLL_DELAY =
            Parameter.time("address_verify_poll_delay", "3s").doc("see address_verify_poll_count");

    static final List<Parameter<?>> PARAMETERS = List.of(
            POSITIVE_EXPIRE,
            POSITIVE_REFRESH,
            NEGATIVE_EXPIRE,
            NEGATIVE_REFRESH,
            NEGATIVE_CACHE,
            POLL_COUNT,
            POLL_DELAY);

    static final int ENTRIES = 10_000;
    private static final int PROBES_AT_ONCE = 50;
    private static final Probe.Answer IN_PROGRESS = new Probe.Answer.Unknown("Address verification in progress");

    private final Probe probe;
    private final InstantSource clock;
    private final Ages ages;
    private final Duration patience;
    private final Map<String, Known> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
            return size() > ENTRIES;
        }
    };
    private final Map<String, CompletableFuture<Probe.Answer>> asking = new LinkedHashMap<>();

    private record Known(Probe.Answer answer, Instant since) {}

    private record Ages(
            Duration positiveExpire,
            Duration positiveRefresh,
            Duration negativeExpire,
            Duration negativeRefresh,
            boolean negativeCache) {
        boolean keeps(Probe.Answer answer) {
            return negativeCache || answer instanceof Probe.Answer.Deliverable;
        }

        boolean isOver(Known known, Instant now) {
            return !known.since
                    .plus(isPositive(known) ? positiveExpire : negativeExpire)
                    .isAfter(now);
        }

        boolean isOld(Known known, Instant now) {
            return !known.since
                    .plus(isPositive(known) ? positiveRefresh : negativeRefresh)
                    .isAfter(now);
        }

        private static boolean isPositive(Known known) {
            return known.answer instanceof Probe.Answer.Deliverable;
        }
    }

    AddressVerification(PolicyContext context, Probe probe) {
        this.probe = probe;
        this.clock = context.tables().context().clock();
        this.patience = context.conf(POLL_DELAY).multipliedBy(context.conf(POLL_COUNT));
        this.ages = new Ages(
                context.conf(POSITIVE_EXPIRE),
                context.conf(POSITIVE_REFRESH),
                context.conf(NEGATIVE_EXPIRE),
                context.conf(NEGATIVE_REFRESH),
                context.conf(NEGATIVE_CACHE));
    }

    /// What is known, after a probe when nothing is.
    Probe.Answer ask(Address address) {
        String key = address.key();
        CompletableFuture<Probe.Answer> coming;
        synchronized (this) {
            Known entry = known.get(key);
            Instant now = clock.instant();
            if (entry != null && !ages.isOver(entry, now)) {
                if (ages.isOld(entry, now)) {
                    start(key, address);
                }
                return entry.answer;
            }
            coming = start(key, address);
        }
        return coming == null ? IN_PROGRESS : await(coming);
    }

    private Probe.Answer await(CompletableFuture<Probe.Answer> coming) {
        try {
            return coming.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | InterruptedException e) {
            return IN_PROGRESS;
        } catch (ExecutionException e) {
            return new Probe.Answer.Unknown("Address verification failed");
        }
    }

    /// The probe that is on its way for an address, begun now if there was none; null when too many are.
    private @Nullable CompletableFuture<Probe.Answer> start(String key, Address address) {
        CompletableFuture<Probe.Answer> running = asking.get(key);
        if (running != null || asking.size() >= PROBES_AT_ONCE) {
            return running;
        }
        CompletableFuture<Probe.Answer> begun = new CompletableFuture<>();
        asking.put(key, begun);
        Thread.ofVirtual().name("probe").start(() -> {
            Probe.Answer answer = new Probe.Answer.Unknown("Address verification failed");
            try {
                answer = probe.ask(address);
            } finally {
                keep(key, answer);
                begun.complete(answer);
            }
        });
        return begun;
    }

    /// Unknown is not kept: an older answer stays, and the next client asks again.
    private synchronized void keep(String key, Probe.Answer answer) {
        asking.remove(key);
        if (!(answer instanceof Probe.Answer.Unknown) && ages.keeps(answer)) {
            known.put(key, new Known(answer, clock.instant()));
        }
    }
}
