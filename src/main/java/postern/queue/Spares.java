package postern.queue;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Files of segments that were emptied, kept for a while to be written over. Forcing what overwrites a file costs
/// a fraction of forcing what makes it longer: there are no new blocks to note, and its pages are in memory
/// (measured on ext4 with forced writes of 1 MB: 3,600 MB/s against 530).
///
/// Nothing in such a file counts: what its records were checked with is their segment's name. A start, a stop, a
/// full disk and a while without use delete them.
final class Spares {
    /// More than one, because segments are emptied in turns.
    private static final int MOST = 4;

    private static final String PREFIX = "spare-";

    private final Disk disk;
    private final InstantSource clock;
    private final Duration unused;
    private final ArrayDeque<String> names = new ArrayDeque<>();
    private int made;
    private @Nullable Pause pause;

    /// @param unused after so long they are deleted
    Spares(Disk disk, InstantSource clock, Duration unused) {
        this.disk = disk;
        this.clock = clock;
        this.unused = unused;
    }

    /// A name for a file to keep; null when there are enough.
    synchronized @Nullable String wanted() {
        return names.size() < MOST ? PREFIX + ++made : null;
    }

    /// A file has got this name, for good.
    synchronized void add(String name) {
        names.addLast(name);
        pause = new Pause(clock, unused);
    }

    /// One to write over, which is no spare any more; null when there is none.
    synchronized @Nullable String take() {
        pause = new Pause(clock, unused);
        return names.pollFirst();
    }

    /// Deletes them when they were not used for long.
    void chores() throws IOException {
        boolean old;
        synchronized (this) {
            old = !names.isEmpty() && pause != null && pause.isOver();
        }
        if (old) {
            clear();
        }
    }

    /// Deletes those that a process left which did not end by itself.
    void recover() throws IOException {
        for (String file : disk.list()) {
            if (file.startsWith(PREFIX)) {
                disk.delete(file);
            }
        }
    }

    void clear() throws IOException {
        for (String name = poll(); name != null; name = poll()) {
            disk.delete(name);
        }
    }

    private synchronized @Nullable String poll() {
        return names.pollFirst();
    }
}
