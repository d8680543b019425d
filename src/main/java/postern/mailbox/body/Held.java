package postern.mailbox.body;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The segments of a store, which stay where they are until this is closed. They may still grow.
public final class Held implements Closeable {
    /// A segment as it was when it was asked for.
    ///
    /// @param bytes how long it was
    /// @param isFull whether nothing is written to it any more; else there may be gaps in it, which no text that
    ///     has been forced lies in
    public record Part(long number, String name, long bytes, boolean isFull) {}

    private final Disk disk;
    private final Segments segments;
    private final Runnable release;
    private boolean closed;

    Held(Disk disk, Segments segments, Runnable release) {
        this.disk = disk;
        this.segments = segments;
        this.release = release;
    }

    /// The segments there are now, by number: all texts that have been forced lie in them.
    public List<Part> parts() throws IOException {
        Map<Long, Long> full = segments.closed();
        List<Part> parts = new ArrayList<>();
        for (String name : disk.list().stream().sorted().toList()) {
            long number = Segment.number(name);
            if (number > 0) {
                try (Disk.DiskFile file = disk.open(name)) {
                    parts.add(new Part(number, name, file.size(), full.containsKey(number)));
                }
            }
        }
        return parts;
    }

    /// The file of a segment.
    public Disk.DiskFile open(Part part) throws IOException {
        return disk.open(part.name());
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            release.run();
        }
    }
}
