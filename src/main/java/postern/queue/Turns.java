package postern.queue;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Entries that wait at one destination. Each job has its turn: one entry, then the next job's.
///
/// Guarded by the lock of [ActiveQueue].
final class Turns {
    private final ArrayDeque<ArrayDeque<Entry>> jobs = new ArrayDeque<>();
    private int size;
    private boolean listed;

    /// Whether the destination stands in a ring of [Slots] for these.
    boolean isListed() {
        return listed;
    }

    void listed(boolean now) {
        listed = now;
    }

    /// Adds what one job has for this destination.
    void add(List<Entry> ofOneJob) {
        if (!ofOneJob.isEmpty()) {
            jobs.addLast(new ArrayDeque<>(ofOneJob));
            size += ofOneJob.size();
        }
    }

    /// Takes the next entry; null when none waits.
    @Nullable
    Entry next() {
        ArrayDeque<Entry> job = jobs.pollFirst();
        if (job == null) {
            return null;
        }
        Entry entry = job.removeFirst();
        size--;
        if (!job.isEmpty()) {
            jobs.addLast(job);
        }
        return entry;
    }

    void drainTo(Collection<Entry> all) {
        jobs.forEach(all::addAll);
        jobs.clear();
        size = 0;
    }

    int size() {
        return size;
    }
}
