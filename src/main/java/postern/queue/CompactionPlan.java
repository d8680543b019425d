package postern.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.queue.Segment.Status;
import postern.queue.Segment.Trouble;

/// Which segments are to be emptied next. Guarded by the queue's lock.
///
/// A segment of new records is emptied when less than half of it lives, or `age` after it closed when it
/// holds texts that nobody wants any more: mail that went out is not kept. A segment of survivors is emptied
/// when less than half of it lives: messages that wait for days are not copied again and again. Whenever
/// something is emptied, segments of survivors that are not longer than all before them together are copied
/// along, so that there are few of them.
final class CompactionPlan {
    private static final Duration NOTHING_TO_DO = Duration.ofHours(1);

    private final Catalog catalog;
    private final QueueLimits limits;
    private final Space space;

    CompactionPlan(Catalog catalog, QueueLimits limits, Space space) {
        this.catalog = catalog;
        this.limits = limits;
        this.space = space;
    }

    /// The segments to be emptied together now, in the log's order; empty when there is nothing to do.
    List<Segment> victims(Instant now) {
        List<Segment> stale = with(Trouble.STALE);
        if (!stale.isEmpty()) {
            return stale.stream().allMatch(this::isMovable) ? stale : List.of();
        }
        for (Segment suspect : with(Trouble.SUSPECT)) {
            if (isMovable(suspect) && space.admitsCopy(suspect.usage().live())) {
                return List.of(suspect);
            }
        }
        List<Segment> empty = movable().stream()
                .filter(segment ->
                        segment.usage().isEmpty() && !catalog.segments().isLast(segment))
                .toList();
        return empty.isEmpty() ? due(now) : empty;
    }

    /// How long nothing will be due if nothing happens.
    Duration patience(Instant now) {
        Duration patience = NOTHING_TO_DO;
        for (Segment segment : catalog.segments().all()) {
            if (segment.name().minor() == 0 && segment.bytes() > 0) {
                boolean waits =
                        segment.status() == Status.OPEN || segment.usage().hasDeadContent();
                patience = waits ? shorter(patience, now, segment.since().plus(limits.age())) : patience;
                patience = isMostlyDead(segment)
                        ? shorter(patience, now, segment.since().plus(limits.settle()))
                        : patience;
            }
        }
        return patience;
    }

    private static Duration shorter(Duration patience, Instant now, Instant event) {
        Duration until = Duration.between(now, event);
        return until.isNegative() || until.compareTo(patience) > 0 ? patience : until;
    }

    private List<Segment> due(Instant now) {
        Segment first = null;
        for (Segment segment : movable()) {
            if (isDue(segment, now)
                    && (first == null || segment.usage().live() < first.usage().live())) {
                first = segment;
            }
        }
        if (first == null) {
            return List.of();
        }
        List<Segment> victims = new ArrayList<>(List.of(first));
        long total = first.usage().live();
        for (Segment survivors : survivors(first)) {
            long live = survivors.usage().live();
            if (live > total || total + live > limits.segmentBytes()) {
                break;
            }
            total += live;
            victims.add(survivors);
        }
        victims.sort(Comparator.comparing(Segment::name));
        return space.admitsCopy(total) ? victims : List.of();
    }

    private boolean isDue(Segment segment, Instant now) {
        if (segment.bytes() == 0) {
            return false;
        }
        boolean old = !now.isBefore(segment.since().plus(limits.age()));
        if (segment.name().minor() == 0 && old && segment.usage().hasDeadContent()) {
            return true;
        }
        return isMostlyDead(segment) && !now.isBefore(segment.since().plus(limits.settle()));
    }

    private static boolean isMostlyDead(Segment segment) {
        return segment.usage().live() * 2 < segment.bytes();
    }

    private List<Segment> survivors(Segment but) {
        return movable().stream()
                .filter(segment -> segment.name().minor() > 0 && segment != but)
                .sorted(Comparator.comparingLong(segment -> segment.usage().live()))
                .toList();
    }

    private List<Segment> movable() {
        return catalog.segments().all().stream().filter(this::isMovable).toList();
    }

    private List<Segment> with(Trouble trouble) {
        return catalog.segments().all().stream()
                .filter(segment -> segment.trouble() == trouble)
                .toList();
    }

    /// Whether nobody writes to it, and all that lies in it, or belongs to what does, lies where nobody
    /// writes.
    private boolean isMovable(Segment segment) {
        return segment.status() != Status.OPEN
                && !segment.usage().isPinned()
                && segment.trouble() != Trouble.UNREADABLE
                && segment.usage().straddlers().stream().allMatch(this::isClosed);
    }

    private boolean isClosed(QueueId id) {
        @Nullable Kept kept = catalog.find(id);
        return kept == null || kept.mail().segment().status() != Status.OPEN;
    }
}
