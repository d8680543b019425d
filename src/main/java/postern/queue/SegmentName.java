package postern.queue;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/// A segment's place in the log's order. New records go to segments `(n, 0)` with growing `n`; survivors that
/// are copied forward while `(n, 0)` is the next to be written go to `(n - 1, 1)`, `(n - 1, 2)` …: behind all
/// that was closed by then, before all that comes after.
record SegmentName(int major, int minor) implements Comparable<SegmentName> {
    private static final String SUFFIX = ".log";
    private static final Comparator<SegmentName> ORDER =
            Comparator.comparingInt(SegmentName::major).thenComparingInt(SegmentName::minor);

    /// The name that a file stands for; null when the file is no segment.
    static @Nullable SegmentName parse(String file) {
        int dash = file.indexOf('-');
        if (dash < 0 || !file.endsWith(SUFFIX)) {
            return null;
        }
        try {
            int major = Integer.parseInt(file.substring(0, dash));
            int minor = Integer.parseInt(file.substring(dash + 1, file.length() - SUFFIX.length()));
            SegmentName name = new SegmentName(major, minor);
            return name.file().equals(file) ? name : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /// What is laid over the checksums of a segment's records: those of another segment, left in a file that was
    /// written over, are not sound in this one.
    int mark() {
        return major * 0x9e3779b1 ^ minor * 0x85ebca6b;
    }

    String file() {
        return String.format("%08d-%04d%s", major, minor, SUFFIX);
    }

    @Override
    public int compareTo(SegmentName other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return file();
    }
}
