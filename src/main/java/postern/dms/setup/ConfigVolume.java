package postern.dms.setup;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import postern.config.SafeFile;

/// The files of the config volume. A change is made between [#lock()] and the lock's end: files are read anew,
/// changed and replaced whole, so that of two changes at the same time neither is lost.
///
/// @param directory the volume
record ConfigVolume(Path directory) {
    private static final String LOCK = ".postern-setup.lock";
    /// A lock on a file is the whole process's: threads of one process need one of their own.
    private static final ReentrantLock OF_PROCESS = new ReentrantLock();

    /// Who may read a file that is made new.
    enum Secrecy {
        /// Everybody, as DMS has it.
        OPEN("rw-r--r--"),
        /// The owner and the group: passwords and their hashes.
        HASHES("rw-r-----"),
        /// The owner: private keys.
        KEY("rw-------");

        private final String permissions;

        Secrecy(String permissions) {
            this.permissions = permissions;
        }
    }

    /// The right to change files, until it is closed.
    final class Lock implements AutoCloseable {
        private final FileChannel channel;

        private Lock(FileChannel channel) {
            this.channel = channel;
        }

        /// Ends with the lock on the file, which the system also gives up when the process dies.
        @Override
        public void close() throws IOException {
            try {
                channel.close();
            } finally {
                OF_PROCESS.unlock();
            }
        }

        /// Reads a file, changes it, and replaces it when it is another.
        void edit(ConfigFile file, Consumer<KeyedLines> change) throws IOException {
            byte[] before = bytes(file.path());
            KeyedLines lines = KeyedLines.of(before, file.layout());
            change.accept(lines);
            byte[] after = lines.bytes();
            if (!Arrays.equals(before, after)) {
                write(file.path(), after, file.secrecy());
            }
        }

        /// Puts a file there, whatever was there before.
        void write(String name, byte[] bytes, Secrecy secrecy) throws IOException {
            Path path = path(name);
            makeDirectories(path.getParent());
            makeFile(path, secrecy);
            SafeFile.replace(path, bytes);
        }
    }

    /// Waits for whoever changes the volume.
    Lock lock() throws IOException {
        OF_PROCESS.lock();
        FileChannel channel = null;
        try {
            Path file = path(LOCK);
            makeFile(file, Secrecy.OPEN);
            channel = FileChannel.open(file, StandardOpenOption.WRITE);
            channel.lock();
            return new Lock(channel);
        } catch (IOException e) {
            if (channel != null) {
                channel.close();
            }
            OF_PROCESS.unlock();
            throw e;
        }
    }

    /// A file as it is now; an empty one when there is none.
    KeyedLines read(ConfigFile file) throws IOException {
        return KeyedLines.of(bytes(file.path()), file.layout());
    }

    Path path(String name) {
        return directory.resolve(name);
    }

    boolean has(String name) {
        return Files.exists(path(name));
    }

    private byte[] bytes(String name) throws IOException {
        try {
            return Files.readAllBytes(path(name));
        } catch (NoSuchFileException e) {
            return new byte[0];
        }
    }

    private void makeDirectories(@Nullable Path wanted) throws IOException {
        if (wanted != null && !Files.isDirectory(wanted)) {
            makeDirectories(wanted.getParent());
            Files.createDirectory(wanted);
            giveToOwner(wanted);
        }
    }

    /// SafeFile keeps the permissions of what it replaces, so a new file begins empty, with those it shall have.
    private void makeFile(Path file, Secrecy secrecy) throws IOException {
        if (Files.exists(file)) {
            return;
        }
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException e) {
            return;
        }
        giveToOwner(file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(secrecy.permissions));
    }

    /// What root makes belongs to the volume's owner: the server may run as him.
    private void giveToOwner(Path made) throws IOException {
        PosixFileAttributes volume = Files.readAttributes(directory, PosixFileAttributes.class);
        PosixFileAttributeView view =
                Files.getFileAttributeView(made, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (view == null || view.readAttributes().owner().equals(volume.owner())) {
            return;
        }
        try {
            view.setGroup(volume.group());
            view.setOwner(volume.owner());
        } catch (FileSystemException e) {
            // only root may give files away; the file is its maker's then
        }
    }
}
