package postern.queue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.smtp.EnhancedStatus;
import postern.smtp.Recipient;

/// A message that the scheduler works on, from the moment it was taken until each open recipient has been
/// tried once: its round.
///
/// Guarded by the lock of [ActiveQueue] while deliveries are pending; afterwards it belongs to the thread
/// that ends the round.
final class ActiveMail {
    /// What an operator wants done with it as soon as nothing of it is under way.
    enum Order {
        NONE,
        HOLD,
        DELETE
    }

    private static final EnhancedStatus TOO_OLD = new EnhancedStatus(4, 4, 7);
    private static final int SEVERAL = -1;

    private final Queued queued;
    private final Instant since;
    private final BitSet open;
    private final @Nullable Report[] reports;
    private int pending;
    private int waitsFor;
    private volatile Order order = Order.NONE;

    /// @param since when the scheduler took it
    ActiveMail(Queued queued, Instant since) {
        this.queued = queued;
        this.since = since;
        this.open = (BitSet) queued.open().clone();
        this.reports = new Report[queued.mail().recipients().size()];
    }

    /// A message that has just been committed.
    static ActiveMail arrived(Mail mail, Instant now) {
        BitSet open = new BitSet();
        open.set(0, mail.recipients().size());
        return new ActiveMail(new Queued(mail, open, 0, mail.arrival(), false, false, List.of()), now);
    }

    Mail mail() {
        return queued.mail();
    }

    QueueId id() {
        return queued.mail().id();
    }

    Instant since() {
        return since;
    }

    int tries() {
        return queued.tries();
    }

    boolean warned() {
        return queued.warned();
    }

    BitSet open() {
        return open;
    }

    Order order() {
        return order;
    }

    /// Takes an operator's order; a deletion is never taken back. Returns the order before.
    Order order(Order wanted) {
        Order before = order;
        order = before == Order.DELETE ? before : wanted;
        return before;
    }

    void expect(int entries) {
        pending += entries;
    }

    /// One entry is over. Returns whether it was the last: the round ends.
    boolean ended() {
        return --pending == 0;
    }

    boolean isPending() {
        return pending > 0;
    }

    /// Notes what became of the recipient in this place; who got it is no longer open.
    void note(int place, Report report, String nextHop) {
        reports[place] = report;
        switch (report.status()) {
            case DeliveryStatus.Sent _ -> open.clear(place);
            case DeliveryStatus.Bounced _ -> {}
            case DeliveryStatus.Deferred _ -> waitFor(Destination.hash(nextHop));
        }
    }

    /// Those who waited have waited too long.
    void expire(BitSet places) {
        places.stream().forEach(place -> {
            Report report = reports[place];
            if (report != null) {
                DeliveryStatus last = report.status();
                DeliveryStatus expired = new DeliveryStatus.Bounced(
                        TOO_OLD, last.relay(), "message too old: " + last.text(), last.reply(), last.remoteMta());
                reports[place] = Report.of(report.recipient(), expired, false);
            }
        });
    }

    /// The recipients of this round are finished: their sender knows, or need not.
    void close(BitSet places) {
        open.andNot(places);
    }

    /// What the queue shall wait for: one next hop, or (0) several.
    private void waitFor(int hash) {
        waitsFor = waitsFor == 0 || waitsFor == hash ? hash : SEVERAL;
    }

    int nextHopHash() {
        return waitsFor == SEVERAL ? 0 : waitsFor;
    }

    /// Places of those who met with such an action in this round.
    BitSet places(Report.Action action) {
        BitSet places = new BitSet();
        for (int place = 0; place < reports.length; place++) {
            Report report = reports[place];
            if (report != null && report.action() == action) {
                places.set(place);
            }
        }
        return places;
    }

    List<Report> reports(BitSet places) {
        List<Report> wanted = new ArrayList<>(places.cardinality());
        for (int place = places.nextSetBit(0); place >= 0; place = places.nextSetBit(place + 1)) {
            Report report = reports[place];
            if (report != null) {
                wanted.add(report);
            }
        }
        return wanted;
    }

    Recipient recipient(int place) {
        return mail().recipients().get(place);
    }

    /// Why each open recipient waits, by place; what was known before where this round found out nothing.
    List<String> reasons() {
        List<String> reasons = new ArrayList<>(reports.length);
        for (int place = 0; place < reports.length; place++) {
            Report report = reports[place];
            String known = place < queued.reasons().size() ? queued.reasons().get(place) : "";
            reasons.add(
                    !open.get(place)
                            ? ""
                            : report == null ? known : report.status().text());
        }
        return reasons;
    }
}
