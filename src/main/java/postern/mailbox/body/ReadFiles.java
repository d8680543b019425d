package postern.mailbox.body;

import java.io.Closeable;
import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The segments that are open to be read: whoever downloads a mailbox reads many texts of few segments.
final class ReadFiles {
    private static final int KEPT = 32;

    private final Disk disk;
    private final LinkedHashMap<Long, Open> open = new LinkedHashMap<>(16, 0.75f, true);

    ReadFiles(Disk disk) {
        this.disk = disk;
    }

    /// A file while somebody reads it, or will perhaps.
    private static final class Open {
        private final Disk.DiskFile file;
        private int readers = 1;
        private boolean kept = true;

        Open(Disk.DiskFile file) {
            this.file = file;
        }
    }

    /// A segment, until it is closed.
    ///
    /// @throws java.nio.file.NoSuchFileException when it is gone
    Lent take(long segment) throws IOException {
        Open there = find(segment);
        return new Lent(there == null ? opened(segment, disk.open(Segment.name(segment))) : there);
    }

    private synchronized @Nullable Open find(long segment) {
        Open there = open.get(segment);
        if (there != null) {
            there.readers++;
        }
        return there;
    }

    /// Keeps a file, unless another thread was quicker.
    private synchronized Open opened(long segment, Disk.DiskFile file) {
        Open other = find(segment);
        if (other != null) {
            file.close();
            return other;
        }
        Open mine = new Open(file);
        open.put(segment, mine);
        if (open.size() > KEPT) {
            Iterator<Map.Entry<Long, Open>> eldest = open.entrySet().iterator();
            Open last = eldest.next().getValue();
            eldest.remove();
            drop(last);
        }
        return mine;
    }

    private static void drop(Open one) {
        one.kept = false;
        if (one.readers == 0) {
            one.file.close();
        }
    }

    private synchronized void release(Open one) {
        one.readers--;
        if (one.readers == 0 && !one.kept) {
            one.file.close();
        }
    }

    /// A segment is gone: its room is given back once nobody reads it any more.
    synchronized void forget(long segment) {
        Open gone = open.remove(segment);
        if (gone != null) {
            drop(gone);
        }
    }

    /// No file stays open but those that are being read.
    synchronized void close() {
        open.values().forEach(ReadFiles::drop);
        open.clear();
    }

    /// A file that somebody reads. Belongs to one thread.
    final class Lent implements Closeable {
        private @Nullable Open from;
        private final Disk.DiskFile file;

        private Lent(Open from) {
            this.from = from;
            this.file = from.file;
        }

        Disk.DiskFile file() {
            return file;
        }

        @Override
        public void close() {
            Open taken = from;
            if (taken != null) {
                from = null;
                release(taken);
            }
        }
    }
}
