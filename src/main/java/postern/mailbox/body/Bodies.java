package postern.mailbox.body;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/// The texts of a store.
public final class Bodies {
    /// A segment of so many bytes takes no more texts.
    public static final long SEGMENT = 64L << 20;

    /// What a compaction did.
    ///
    /// @param emptied how many segments are gone
    /// @param freed bytes of waste that went with them
    /// @param damaged texts that cannot be read and stay where they are: why
    public record Compacted(int emptied, long freed, List<String> damaged) {}

    private final Disk disk;
    private final ReadFiles files;
    private final Segments segments;
    private final Forcer forcer;
    private int held;

    /// @param afterBatch run when all texts of a batch have been forced and those who waited been told
    public Bodies(Disk disk, long segmentBytes, Runnable afterBatch) throws IOException {
        this.disk = disk;
        this.files = new ReadFiles(disk);
        this.segments = new Segments(disk, segmentBytes);
        this.forcer = new Forcer(afterBatch);
        forcer.start();
    }

    /// Begins a text.
    public TextWriter begin() {
        return new TextWriter(segments, forcer);
    }

    /// A text from a byte of it on.
    ///
    /// @throws java.nio.file.NoSuchFileException when the segment is gone: the text may have been moved
    /// @throws IOException also when it is damaged, before a wrong byte is given
    public InputStream read(TextPlace place, long size, long from) throws IOException {
        return new TextStream(StoredText.open(files, place, size), from);
    }

    /// Keeps all segments where they are until that is closed: waits for a compaction that runs, and lets none begin.
    public synchronized Held hold() {
        held++;
        return new Held(disk, segments, this::release);
    }

    private synchronized void release() {
        held--;
    }

    /// Empties segments of which less than half lives; a second caller waits for the first. Nothing is done while
    /// the segments are held.
    public synchronized Compacted compact(Residents residents) throws IOException {
        if (held > 0) {
            return new Compacted(0, 0, List.of());
        }
        return new Compaction(disk, files, segments, forcer, residents).run();
    }

    /// Forces what waits; nothing can be written any more.
    public void close() {
        forcer.close();
        segments.close();
        files.close();
    }
}
