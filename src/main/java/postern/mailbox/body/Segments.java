package postern.mailbox.body;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The segments of a store: the one that new texts go to, and those whose last texts are still on their way.
final class Segments {
    private final Disk disk;
    private final long full;
    private final Map<Long, Segment> open = new HashMap<>();
    private final Map<Long, Integer> texts = new HashMap<>();
    private @Nullable Segment current;
    private long last;

    /// @param full a segment of so many bytes takes no more texts
    Segments(Disk disk, long full) throws IOException {
        this.disk = disk;
        this.full = full;
        for (String name : disk.list()) {
            last = Math.max(last, Segment.number(name));
        }
    }

    /// The segment for a text to be written to, until [#release].
    synchronized Segment take() throws IOException {
        Segment segment = current;
        if (segment == null && last > 0) {
            segment = began(Segment.open(last, disk));
        }
        if (segment == null || segment.end() >= full || segment.broken()) {
            Segment before = segment;
            segment = began(Segment.create(last + 1, disk));
            last = segment.number;
            if (before != null) {
                closeIfDone(before);
            }
        }
        texts.merge(segment.number, 1, Integer::sum);
        return segment;
    }

    private Segment began(Segment segment) {
        open.put(segment.number, segment);
        current = segment;
        return segment;
    }

    synchronized void release(Segment segment) {
        texts.computeIfPresent(segment.number, (number, count) -> count == 1 ? null : count - 1);
        closeIfDone(segment);
    }

    private void closeIfDone(Segment segment) {
        if (segment != current && !texts.containsKey(segment.number) && open.remove(segment.number) != null) {
            segment.close();
        }
    }

    /// The bytes of those that nothing more is written to, and that nobody waits for, by number.
    synchronized TreeMap<Long, Long> closed() throws IOException {
        TreeMap<Long, Long> sizes = new TreeMap<>();
        for (String name : disk.list()) {
            long number = Segment.number(name);
            if (number > 0 && number != last && !open.containsKey(number)) {
                try (Disk.DiskFile file = disk.open(name)) {
                    sizes.put(number, file.size());
                }
            }
        }
        return sizes;
    }

    synchronized void close() {
        open.values().forEach(Segment::close);
        open.clear();
        current = null;
    }
}
