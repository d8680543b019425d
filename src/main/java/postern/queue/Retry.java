package postern.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;
import postern.config.ConfigException;
import postern.config.MainCf;
import postern.config.Parameter;

/// When a message is tried again, when its sender is told that it is late, and when it is given up (RFC 5321
/// §4.5.4).
public final class Retry {
    static final Parameter<Duration> MINIMAL_BACKOFF_TIME = Parameter.time("minimal_backoff_time", "300s")
            .doc("Least time between two attempts, and how long a dead destination is left alone.");
    static final Parameter<Duration> MAXIMAL_BACKOFF_TIME =
            Parameter.time("maximal_backoff_time", "4000s").doc("Most time between two attempts.");
    static final Parameter<Duration> MAXIMAL_QUEUE_LIFETIME = Parameter.time("maximal_queue_lifetime", "5d")
            .doc("Age at which a message that cannot be delivered goes back to its sender.");
    static final Parameter<Duration> BOUNCE_QUEUE_LIFETIME =
            Parameter.time("bounce_queue_lifetime", "5d").doc("The same for mail from <>, which is given up.");
    static final Parameter<Duration> DELAY_WARNING_TIME = Parameter.time("delay_warning_time", "0h")
            .doc("Age at which the sender is told once that a message is late; 0 means never.");
    static final Parameter<Duration> QUEUE_RUN_DELAY = Parameter.time("queue_run_delay", "300s")
            .doc("Without effect here: each message has a time of its own, and no queue is scanned.");

    public static final List<Parameter<?>> PARAMETERS = List.of(
            MINIMAL_BACKOFF_TIME,
            MAXIMAL_BACKOFF_TIME,
            MAXIMAL_QUEUE_LIFETIME,
            BOUNCE_QUEUE_LIFETIME,
            DELAY_WARNING_TIME,
            QUEUE_RUN_DELAY);

    private final Duration least;
    private final Duration most;
    private final Duration lifetime;
    private final Duration noticeLifetime;
    private final Duration warning;
    private final RandomGenerator random;

    /// @throws ConfigException when the least time is above the most
    public Retry(MainCf conf, RandomGenerator random) {
        this.least = conf.get(MINIMAL_BACKOFF_TIME);
        this.most = conf.get(MAXIMAL_BACKOFF_TIME);
        this.lifetime = conf.get(MAXIMAL_QUEUE_LIFETIME);
        this.noticeLifetime = conf.get(BOUNCE_QUEUE_LIFETIME);
        this.warning = conf.get(DELAY_WARNING_TIME);
        this.random = random;
        if (least.compareTo(most) > 0) {
            throw new ConfigException(conf.origin(MINIMAL_BACKOFF_TIME.name())
                    + ": minimal_backoff_time: must not be above maximal_backoff_time");
        }
    }

    /// `minimal_backoff_time`.
    Duration least() {
        return least;
    }

    /// `maximal_backoff_time`.
    Duration most() {
        return most;
    }

    /// When to try again: after as long as the message has been here, within the least and the most, and up
    /// to a tenth of that later, so that what was deferred together does not come back together.
    Instant next(Instant arrival, Instant now) {
        Duration age = Duration.between(arrival, now);
        Duration wait = age.compareTo(least) < 0 ? least : age.compareTo(most) > 0 ? most : age;
        // deliveries end in many threads
        synchronized (random) {
            return now.plus(wait).plusMillis(random.nextLong(wait.toMillis() / 10 + 1));
        }
    }

    boolean isExpired(Mail mail, Instant now) {
        return !now.isBefore(givenUpAt(mail));
    }

    /// When it is given up: Will-Retry-Until of a delay notice (RFC 3464 §2.3.9).
    Instant givenUpAt(Mail mail) {
        return mail.arrival().plus(mail.sender().isNull() ? noticeLifetime : lifetime);
    }

    boolean isLate(Mail mail, Instant now) {
        return warning.isPositive() && !now.isBefore(mail.arrival().plus(warning));
    }
}
