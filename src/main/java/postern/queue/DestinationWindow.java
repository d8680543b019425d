package postern.queue;

/// How many deliveries to one destination may run at a time, and how that figure learns (SCHEDULER_README): a
/// delivery widens it, a next hop that could not be used narrows it, and a windowful of such failures with no
/// delivery between them means that the destination is dead.
///
/// Guarded by the lock of [ActiveQueue].
final class DestinationWindow {
    private TransportLimits limits;
    private int size;
    private double success;
    private double failure;
    private double failedCohorts;
    private boolean shut;

    DestinationWindow(TransportLimits limits) {
        this.limits = limits;
        this.size = initial();
    }

    int size() {
        return size;
    }

    /// Whether nothing may start for a while, whatever its size.
    boolean isShut() {
        return shut;
    }

    void shut(boolean now) {
        shut = now;
    }

    /// Whether deliveries are spaced out in time.
    boolean isPaced() {
        return limits.paces();
    }

    /// Whether the last attempt could not use the next hop.
    boolean isTroubled() {
        return failedCohorts > 0;
    }

    /// A delivery reached the next hop.
    ///
    /// @param running deliveries that ran at that time, this one included: a window that is not filled does
    ///     not grow
    void reached(int running) {
        failedCohorts = 0;
        failure = 0;
        if (size < most() && size < running + limits.initial()) {
            success += limits.positive().at(size);
            if (success >= 1) {
                success -= 1;
                size++;
            }
        }
    }

    /// The next hop could not be used. Returns whether it is dead now.
    boolean failed() {
        failedCohorts += 1.0 / size;
        success = 0;
        failure += limits.negative().at(size);
        if (failure >= 1) {
            failure -= 1;
            size = Math.max(1, size - 1);
        }
        return limits.failedCohorts() > 0 && failedCohorts >= limits.failedCohorts();
    }

    /// After a rest: as if never seen.
    void reset() {
        size = initial();
        success = 0;
        failure = 0;
        failedCohorts = 0;
    }

    void limits(TransportLimits other) {
        limits = other;
        size = Math.min(size, most());
    }

    private int initial() {
        return Math.min(limits.initial(), most());
    }

    private int most() {
        return limits.concurrency() == 0 ? Integer.MAX_VALUE : limits.concurrency();
    }
}
