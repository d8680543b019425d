package postern.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A next hop of one transport: the entries that wait for it, and how many deliveries it may be given at a
/// time.
///
/// Guarded by the lock of [ActiveQueue].
final class Destination {
    /// Why and how long nothing is sent there.
    record Outage(Instant until, DeliveryStatus reason) {}

    private final String nextHop;
    private final DestinationWindow window;
    private final Turns letters = new Turns();
    private final Turns mailings = new Turns();
    private final ArrayDeque<InFlow> heldBack = new ArrayDeque<>();
    private int running;
    private @Nullable Outage outage;
    private boolean missed;
    private Instant lastFailure = Instant.MIN;
    private Instant nextNews = Instant.MIN;

    Destination(String nextHop, TransportLimits limits) {
        this.nextHop = nextHop;
        this.window = new DestinationWindow(limits);
    }

    /// What [Queue.Later#nextHopHash()] and [Queue#flush(int)] mean by a next hop; never 0.
    static int hash(String nextHop) {
        int hash = nextHop.toLowerCase(Locale.ROOT).hashCode();
        return hash == 0 ? 1 : hash;
    }

    String nextHop() {
        return nextHop;
    }

    DestinationWindow window() {
        return window;
    }

    Turns turns(boolean mailing) {
        return mailing ? mailings : letters;
    }

    int waiting() {
        return letters.size() + mailings.size();
    }

    int running() {
        return running;
    }

    boolean hasRoom() {
        return running < window.size() && !window.isShut();
    }

    /// Until it is told that the pause is over, it has no room: `destination_rate_delay`.
    void paused(boolean now) {
        window.shut(now);
    }

    void started() {
        running++;
    }

    void ended() {
        running--;
        if (!isCrowded()) {
            letIn();
        } else if (!heldBack.isEmpty()) {
            heldBack.removeFirst().open();
        }
    }

    /// The outage that lasts now; null when mail may be sent. A destination whose rest is over begins anew.
    @Nullable
    Outage outage(Instant now) {
        if (outage != null && !now.isBefore(outage.until())) {
            outage = null;
            window.reset();
        }
        return outage;
    }

    /// A delivery got through to the next hop. Returns whether that is news for the mail that waits for it:
    /// the attempt before had failed, and there was no such news within the last `rest`.
    boolean reached(Instant now, Duration rest) {
        window.reached(running);
        outage = null;
        boolean news = missed && !now.isBefore(nextNews);
        if (news) {
            nextNews = now.plus(rest);
        }
        missed = false;
        return news;
    }

    /// The next hop could not be used. When that was once too often it is given a rest: returns the entries
    /// that waited for it.
    List<Entry> failed(DeliveryStatus reason, Instant now, Duration rest) {
        missed = true;
        lastFailure = now;
        List<Entry> waiting = new ArrayList<>();
        if (window.failed()) {
            outage = new Outage(now.plus(rest), reason);
            letters.drainTo(waiting);
            mailings.drainTo(waiting);
            letIn();
        }
        return waiting;
    }

    /// Begins anew, as if the rest were over.
    void endRest() {
        if (outage != null) {
            outage = null;
            window.reset();
        }
    }

    /// Holds nobody back any more.
    void letIn() {
        heldBack.forEach(InFlow::open);
        heldBack.clear();
    }

    /// Whether more than twice its window waits. One that is down is not crowded: its mail waits elsewhere. Nor is
    /// one whose deliveries are spaced out: nobody could wait for that.
    boolean isCrowded() {
        return waiting() > 2 * window.size() && !window.isPaced();
    }

    /// What whoever brings mail for it waits for: one delivery.
    InFlow holdBack() {
        InFlow held = new InFlow(this);
        heldBack.addLast(held);
        return held;
    }

    void forget(InFlow gaveUp) {
        heldBack.remove(gaveUp);
    }

    /// Whether nothing is lost by forgetting it: no work, no failure since `since`, no recent news.
    boolean isIdle(Instant now, Instant since) {
        return running == 0
                && !window.isShut()
                && waiting() == 0
                && !now.isBefore(nextNews)
                && (!missed || lastFailure.isBefore(since));
    }
}
