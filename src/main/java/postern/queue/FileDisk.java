package postern.queue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A directory of the real file system, held by one process at a time: the file `lock` in it is locked for as
/// long as this is open.
final class FileDisk implements Disk {
    private static final String LOCK = "lock";

    private final Path directory;
    private final FileChannel lockFile;
    private final FileStore store;
    private final UserPrincipal owner;

    private FileDisk(Path directory, FileChannel lockFile) throws IOException {
        this.directory = directory;
        this.lockFile = lockFile;
        this.store = Files.getFileStore(directory);
        this.owner = Files.getOwner(directory);
        giveAway(directory.resolve(LOCK));
    }

    /// Takes the directory, making it (for its owner alone) when it is missing.
    ///
    /// @throws IOException also when another process has it
    static FileDisk take(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        FileChannel lockFile = FileChannel.open(
                directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            FileLock lock = tryLock(lockFile);
            if (lock == null) {
                throw new IOException("the queue in " + directory + " is in use by another process" + owner(lockFile));
            }
            ByteBuffer pid =
                    ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII));
            lockFile.truncate(0).write(pid, 0);
            return new FileDisk(directory, lockFile);
        } catch (IOException e) {
            lockFile.close();
            throw e;
        }
    }

    private static @Nullable FileLock tryLock(FileChannel lockFile) throws IOException {
        try {
            return lockFile.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static String owner(FileChannel lockFile) throws IOException {
        ByteBuffer pid = ByteBuffer.allocate(20);
        int length = lockFile.read(pid, 0);
        return length <= 0 ? "" : " (" + new String(pid.array(), 0, length, StandardCharsets.US_ASCII).strip() + ")";
    }

    @Override
    public List<String> list() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals(LOCK))
                    .toList();
        }
    }

    @Override
    public DiskFile create(String name) throws IOException {
        DiskFile file = open(name, StandardOpenOption.CREATE_NEW);
        giveAway(directory.resolve(name));
        return file;
    }

    /// A command that root runs on the stopped queue leaves no file that the server's own user cannot open.
    private void giveAway(Path file) throws IOException {
        if (!Files.getOwner(file).equals(owner)) {
            Files.setOwner(file, owner);
        }
    }

    @Override
    public DiskFile open(String name) throws IOException {
        return open(name, StandardOpenOption.READ);
    }

    private DiskFile open(String name, StandardOpenOption how) throws IOException {
        return new ChannelFile(
                FileChannel.open(directory.resolve(name), how, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    @Override
    public void rename(String name, String other) throws IOException {
        Files.move(directory.resolve(name), directory.resolve(other), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(directory.resolve(name));
    }

    @Override
    public void forceDirectory() throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public long usableSpace() throws IOException {
        return store.getUsableSpace();
    }

    @Override
    public void close() {
        try {
            lockFile.close();
        } catch (IOException e) {
            // the lock ends with the process at the latest
        }
    }

    private static final class ChannelFile implements DiskFile {
        private final FileChannel channel;

        ChannelFile(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public void write(ByteBuffer[] bytes, long at) throws IOException {
            channel.position(at);
            long left = 0;
            for (ByteBuffer part : bytes) {
                left += part.remaining();
            }
            while (left > 0) {
                left -= channel.write(bytes);
            }
        }

        @Override
        public int read(ByteBuffer into, long at) throws IOException {
            return channel.read(into, at);
        }

        @Override
        public void truncate(long size) throws IOException {
            channel.truncate(size);
        }

        @Override
        public void force() throws IOException {
            channel.force(false);
        }

        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                // what had to last was forced before
            }
        }
    }
}
