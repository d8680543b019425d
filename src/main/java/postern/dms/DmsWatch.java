package postern.dms;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import postern.log.MailLog;

/// Sees that something in the config volume has changed: once a second it looks at the time, size and inode of
/// each file, those that DMS does not watch too, and tells when they have stayed the same for a second after a
/// change. So a change counts within two seconds, and a file that is being written is not read.
///
/// One thread of its own, which also runs what is to be done; what is thrown there is logged, and the next
/// change is told again.
public final class DmsWatch implements Closeable {
    private static final long LOOK_EVERY_MILLIS = 1000;
    /// A volume is a few dozen files; whoever mounts a disk there gets its beginning looked at.
    private static final int MOST_FILES = 20_000;

    private static final int DEEPEST = 8;

    private record Stamp(long modified, long size, @Nullable Object inode) {}

    private final Path directory;
    private final Supplier<List<Path>> others;
    private final Runnable changed;
    private final MailLog log;
    private Map<Path, Stamp> told;
    private Map<Path, Stamp> seen;
    private boolean closed;

    /// What is there now is what has been read.
    ///
    /// @param others files outside of the volume that count too ([DmsConfig#watched()])
    /// @param changed what is to be done; it says itself what is wrong with the files
    public DmsWatch(Path directory, Supplier<List<Path>> others, Runnable changed, MailLog log) {
        this.directory = directory;
        this.others = others;
        this.changed = changed;
        this.log = log;
        this.told = look();
        this.seen = told;
    }

    /// Begins to look.
    public void start() {
        Thread.ofVirtual().name("volume").start(this::run);
    }

    private void run() {
        while (waited()) {
            if (isDue()) {
                tell();
            }
        }
    }

    private synchronized boolean waited() {
        long end = System.nanoTime() + LOOK_EVERY_MILLIS * 1_000_000;
        try {
            for (long left = LOOK_EVERY_MILLIS; left > 0 && !closed; left = (end - System.nanoTime()) / 1_000_000) {
                wait(left);
            }
        } catch (InterruptedException e) {
            return false;
        }
        return !closed;
    }

    /// Looks once. Whether files differ from those that were told last, and do not change any more.
    boolean isDue() {
        Map<Path, Stamp> now = look();
        boolean settled = now.equals(seen);
        seen = now;
        if (!settled || now.equals(told)) {
            return false;
        }
        told = now;
        return true;
    }

    private void tell() {
        try {
            changed.run();
        } catch (RuntimeException e) {
            log.warning("postern", "the configuration from before stays: " + e.getMessage());
        }
    }

    private Map<Path, Stamp> look() {
        Map<Path, Stamp> all = new HashMap<>();
        try (Stream<Path> files = Files.walk(directory, DEEPEST, FileVisitOption.FOLLOW_LINKS)) {
            files.limit(MOST_FILES).forEach(file -> stamp(file, all));
        } catch (IOException | UncheckedIOException e) {
            // A file went away while we looked: the next look sees what is there.
            all.put(directory, new Stamp(-1, 0, e.getClass()));
        }
        others.get().forEach(file -> stamp(file, all));
        return all;
    }

    private static void stamp(Path file, Map<Path, Stamp> into) {
        try {
            BasicFileAttributes facts = Files.readAttributes(file, BasicFileAttributes.class);
            if (facts.isRegularFile()) {
                into.put(file, new Stamp(facts.lastModifiedTime().toMillis(), facts.size(), facts.fileKey()));
            }
        } catch (IOException e) {
            into.put(file, new Stamp(-1, 0, null));
        }
    }

    /// Looks no more. What is under way goes on to its end.
    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
    }
}
