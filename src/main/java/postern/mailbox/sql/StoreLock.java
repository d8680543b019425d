package postern.mailbox.sql;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// Keeps a second process out of the store's directory for as long as it is open.
final class StoreLock implements Closeable {
    private final FileChannel file;

    private StoreLock(FileChannel file) {
        this.file = file;
    }

    /// @throws IOException also when another process has it
    static StoreLock take(Path directory) throws IOException {
        FileChannel file = FileChannel.open(
                directory.resolve("lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        if (tryLock(file) == null) {
            file.close();
            throw new IOException("the mailbox store in " + directory + " is in use by another process");
        }
        return new StoreLock(file);
    }

    private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
