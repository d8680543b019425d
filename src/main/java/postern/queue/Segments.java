package postern.queue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The segments there are, in the log's order, and the short handles that the index knows them by. Guarded by
/// the queue's lock.
final class Segments {
    private static final int HANDLES = 0xffff;

    private final TreeMap<SegmentName, Segment> byName = new TreeMap<>();
    private final List<@Nullable Segment> byHandle = new ArrayList<>();
    private int highest;

    /// @throws IllegalStateException when there are 65,535
    void add(Segment segment) {
        int handle = byHandle.indexOf(null);
        if (handle < 0) {
            if (byHandle.size() == HANDLES) {
                throw new IllegalStateException("too many segments");
            }
            handle = byHandle.size();
            byHandle.add(null);
        }
        byHandle.set(handle, segment);
        segment.handle(handle);
        byName.put(segment.name(), segment);
        highest = Math.max(highest, segment.name().major());
    }

    /// Forgets a segment whose file is gone; what was needed because of it is not needed any more.
    void remove(Segment segment) {
        byName.remove(segment.name());
        byHandle.set(segment.handle(), null);
        for (Segment other : byName.values()) {
            other.usage().segmentGone(segment.name());
        }
    }

    Segment at(int handle) {
        Segment segment = byHandle.get(handle);
        if (segment == null) {
            throw new IllegalStateException("no segment has the handle " + handle);
        }
        return segment;
    }

    @Nullable
    Segment find(SegmentName name) {
        return byName.get(name);
    }

    Collection<Segment> all() {
        return byName.values();
    }

    boolean isLast(Segment segment) {
        return byName.lastEntry().getValue() == segment;
    }

    /// The major number of the first segment that takes records. What was committed in those before it has been
    /// settled.
    int firstOpen() {
        for (Segment segment : byName.values()) {
            if (segment.status() == Segment.Status.OPEN) {
                return segment.name().major();
            }
        }
        return highest + 1;
    }

    /// The name of the next segment for new records. It was never given before: in a file that is written over,
    /// a segment of the same name would take old records for its own.
    SegmentName nextName() {
        return new SegmentName(highest + 1, 0);
    }

    /// The name of the next segment for survivors: behind all that are closed, before the open one.
    SegmentName nextSurvivors(@Nullable Segment open) {
        int major = open == null ? byName.lastKey().major() : open.name().major() - 1;
        SegmentName last = byName.floorKey(new SegmentName(major, Integer.MAX_VALUE));
        return new SegmentName(major, last != null && last.major() == major ? last.minor() + 1 : 1);
    }
}
