package postern.mailbox.backup;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import postern.config.SafeFile;

/// A directory that a backup is being written to. Its owner alone can read it.
final class Target implements Closeable {
    static final String UNFINISHED = "UNFINISHED";
    private static final String LOCK = "lock";
    private static final FileAttribute<Set<PosixFilePermission>> OWNERS =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path directory;
    private final FileChannel lock;
    private final @Nullable Inventory last;

    private Target(Path directory, FileChannel lock) throws IOException {
        this.directory = directory;
        this.lock = lock;
        this.last = Inventory.read(directory);
    }

    /// @throws IOException also when something else is there, another backup is being written, or the inventory of
    ///     the last one is damaged
    static Target open(Path directory) throws IOException {
        Files.createDirectories(directory, OWNERS);
        Set<String> names = names(directory);
        if (!names.isEmpty() && !names.contains(Inventory.NAME) && !names.contains(UNFINISHED)) {
            throw new IOException(directory + " is not empty, and no backup is in it");
        }
        Files.write(
                directory.resolve(UNFINISHED),
                "The files that INVENTORY does not name are of a backup that has not come to its end.\n"
                        .getBytes(StandardCharsets.US_ASCII));
        FileChannel lock =
                FileChannel.open(directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (tryLock(lock) == null) {
                throw new IOException("another backup is being written to " + directory);
            }
            return new Target(directory, lock);
        } catch (IOException e) {
            lock.close();
            throw e;
        }
    }

    private static @Nullable FileLock tryLock(FileChannel lock) throws IOException {
        try {
            return lock.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static Set<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            Set<String> names = new HashSet<>();
            files.forEach(file -> names.add(file.getFileName().toString()));
            return names;
        }
    }

    /// The backup that is there; null when there is none.
    @Nullable
    Inventory last() {
        return last;
    }

    /// A file to be written; its directory is there.
    Path file(String stored) throws IOException {
        Path file = directory.resolve(stored);
        Path parent = file.getParent();
        if (parent != null) {
            Files.createDirectories(parent, OWNERS);
        }
        return file;
    }

    /// Whether a file is there in its length.
    boolean has(Inventory.Entry entry) throws IOException {
        Path file = directory.resolve(entry.stored());
        return Files.isRegularFile(file) && Files.size(file) == entry.seal().bytes();
    }

    /// Makes a file last.
    void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /// Makes this the backup that is there: all its files have been forced. What it does not name goes.
    void keep(Inventory inventory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path each : files.filter(Files::isDirectory).toList()) {
                SafeFile.forceDirectory(each);
            }
        }
        SafeFile.replace(directory.resolve(Inventory.NAME), inventory.bytes());
        Set<Path> kept = new HashSet<>(List.of(directory, directory.resolve(Inventory.NAME), directory.resolve(LOCK)));
        for (Inventory.Entry entry : inventory.entries()) {
            Path file = directory.resolve(entry.stored());
            while (file != null && kept.add(file)) {
                file = file.getParent();
            }
        }
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                if (!kept.contains(file)) {
                    Files.delete(file);
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
