package postern.smtp.client;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.config.MainCf;
import postern.config.Parameter;

/// Dialogs that rest between two messages for the same destination (CONNECTION_CACHE_README). A dialog is
/// kept on demand: while other messages for its destination are under way, or have been just before.
///
/// Safe for use from many threads. While dialogs rest, one virtual thread waits for the first of them to have
/// rested long enough.
final class DialogCache implements AutoCloseable {
    static final Parameter<Boolean> SMTP_CONNECTION_CACHE_ON_DEMAND = Parameter.bool(
                    "smtp_connection_cache_on_demand", "yes")
            .doc("Whether connections are kept open while there is more mail for their destination.");
    static final Parameter<List<String>> SMTP_CONNECTION_CACHE_DESTINATIONS = Parameter.list(
                    "smtp_connection_cache_destinations", "")
            .doc("Destinations whose connections are always kept open for a while.");
    static final Parameter<Duration> SMTP_CONNECTION_CACHE_TIME_LIMIT = Parameter.time(
                    "smtp_connection_cache_time_limit", "2s")
            .doc("How long an open connection waits for another message.");
    static final Parameter<Duration> SMTP_CONNECTION_REUSE_TIME_LIMIT = Parameter.time(
                    "smtp_connection_reuse_time_limit", "300s")
            .doc("How long a connection is used for further messages.");
    static final Parameter<Integer> SMTP_CONNECTION_REUSE_COUNT_LIMIT = Parameter.integer(
                    "smtp_connection_reuse_count_limit", "0")
            .doc("How often a connection is used; 0: no limit.");

    static final List<Parameter<?>> PARAMETERS = List.of(
            SMTP_CONNECTION_CACHE_ON_DEMAND,
            SMTP_CONNECTION_CACHE_DESTINATIONS,
            SMTP_CONNECTION_CACHE_TIME_LIMIT,
            SMTP_CONNECTION_REUSE_TIME_LIMIT,
            SMTP_CONNECTION_REUSE_COUNT_LIMIT);

    private static final int RESTING_AT_MOST = 200;
    /// After a rest this long a server may have closed without our knowing.
    private static final Duration SHORT_REST = Duration.ofMillis(200);

    private record Resting(SmtpDialog dialog, Instant since) {}

    /// What is known of one destination while it is in use.
    private static final class Destination {
        private final Deque<Resting> resting = new ArrayDeque<>();
        private int underWay;
        private Instant lastBegun = Instant.MIN;
        private boolean wanted;
    }

    private final InstantSource clock;
    private final boolean onDemand;
    private final Set<String> always;
    private final Duration rest;
    private final Duration longestUse;
    private final int mostUses;
    private final Map<String, Destination> destinations = new HashMap<>();
    private int resting;
    private boolean waiting;
    private boolean closed;

    DialogCache(MainCf main, InstantSource clock) {
        this.clock = clock;
        onDemand = main.get(SMTP_CONNECTION_CACHE_ON_DEMAND);
        always = new HashSet<>(main.get(SMTP_CONNECTION_CACHE_DESTINATIONS));
        rest = main.get(SMTP_CONNECTION_CACHE_TIME_LIMIT);
        longestUse = main.get(SMTP_CONNECTION_REUSE_TIME_LIMIT);
        int limit = main.get(SMTP_CONNECTION_REUSE_COUNT_LIMIT);
        mostUses = limit <= 0 ? Integer.MAX_VALUE : limit;
    }

    /// A message for this destination is under way, until [#end].
    ///
    /// @param host its domain or host, for `smtp_connection_cache_destinations`
    synchronized void begin(String key, String host) {
        Instant now = clock.instant();
        Destination destination = destinations.computeIfAbsent(key, _ -> new Destination());
        boolean busy = destination.underWay > 0 || destination.lastBegun.isAfter(now.minus(rest));
        destination.wanted = always.contains(host) || (onDemand && busy);
        destination.underWay++;
        destination.lastBegun = now;
    }

    synchronized void end(String key) {
        Destination destination = destinations.get(key);
        if (destination != null) {
            destination.underWay--;
            startWaiting();
        }
    }

    /// The dialog that has rested shortest; null when none does.
    synchronized @Nullable SmtpDialog take(String key) {
        Destination destination = destinations.get(key);
        Resting latest = destination == null ? null : destination.resting.pollLast();
        if (latest == null) {
            return null;
        }
        resting--;
        latest.dialog.usage().rested(latest.since.plus(SHORT_REST).isBefore(clock.instant()));
        return latest.dialog;
    }

    /// Takes a dialog to rest, or says goodbye to it.
    void keep(String key, SmtpDialog dialog) {
        if (!rests(key, dialog)) {
            dialog.quit();
        }
    }

    private synchronized boolean rests(String key, SmtpDialog dialog) {
        Instant now = clock.instant();
        Destination destination = destinations.get(key);
        if (closed
                || destination == null
                || !destination.wanted
                || resting >= RESTING_AT_MOST
                || !dialog.isReady()
                || dialog.isForOneClient()
                || dialog.usage().messages()
                        >= Math.min(mostUses, dialog.features().limit("MAILMAX"))
                || dialog.usage().opened().plus(longestUse).isBefore(now)) {
            return false;
        }
        destination.resting.addLast(new Resting(dialog, now));
        resting++;
        startWaiting();
        return true;
    }

    /// Says goodbye to the dialogs that have rested long enough, and forgets destinations out of use.
    void sweep() {
        overdue().forEach(SmtpDialog::quit);
    }

    private synchronized List<SmtpDialog> overdue() {
        Instant before = clock.instant().minus(rest);
        List<SmtpDialog> overdue = new ArrayList<>();
        Iterator<Destination> all = destinations.values().iterator();
        while (all.hasNext()) {
            Destination destination = all.next();
            Resting oldest = destination.resting.peekFirst();
            while (oldest != null && (closed || !oldest.since.isAfter(before))) {
                overdue.add(oldest.dialog);
                destination.resting.removeFirst();
                resting--;
                oldest = destination.resting.peekFirst();
            }
            if (destination.underWay <= 0 && destination.resting.isEmpty() && !destination.lastBegun.isAfter(before)) {
                all.remove();
            }
        }
        return overdue;
    }

    private void startWaiting() {
        if (!waiting && !closed) {
            waiting = true;
            Thread.startVirtualThread(this::waitForRest);
        }
    }

    private void waitForRest() {
        while (pause()) {
            sweep();
        }
    }

    /// Waits until something may be overdue; false when nothing is left to wait for.
    private synchronized boolean pause() {
        if (closed || destinations.isEmpty()) {
            waiting = false;
            return false;
        }
        try {
            wait(Math.max(rest.toMillis() / 2, 1));
        } catch (InterruptedException e) {
            waiting = false;
            return false;
        }
        return true;
    }

    /// How many destinations are known.
    synchronized int destinations() {
        return destinations.size();
    }

    /// Says goodbye to all; none is taken any more.
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        sweep();
    }
}
