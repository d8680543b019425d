package postern.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// Replaces a file whole: after a power cut there is the old one or the new one, never a half.
public final class SafeFile {
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rw-------");

    private SafeFile() {}

    /// Writes the bytes beside the file, forces them, puts them in its place and forces the directory. The
    /// permissions of a file that was there stay, and so do owner and group where root writes it; a new one is
    /// its owner's alone. A symbolic link stays, what it leads to is replaced.
    ///
    /// @throws IOException when it cannot be done; the file is as it was
    public static void replace(Path file, byte[] bytes) throws IOException {
        Path target = Files.isSymbolicLink(file) ? file.toRealPath() : file.toAbsolutePath();
        Path directory = target.getParent();
        if (directory == null) {
            throw new IOException(file + " is no file");
        }
        Path beside = Files.createTempFile(directory, "." + target.getFileName(), ".new");
        try {
            makeAlike(beside, target);
            write(beside, bytes);
            Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            Files.deleteIfExists(beside);
            throw e;
        }
        forceDirectory(directory);
    }

    private static void makeAlike(Path beside, Path target) throws IOException {
        PosixFileAttributes before;
        try {
            before = Files.readAttributes(target, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            Files.setPosixFilePermissions(beside, PRIVATE);
            return;
        }
        PosixFileAttributeView view = Files.getFileAttributeView(beside, PosixFileAttributeView.class);
        PosixFileAttributes now = view.readAttributes();
        if (!now.owner().equals(before.owner()) || !now.group().equals(before.group())) {
            try {
                view.setGroup(before.group());
                view.setOwner(before.owner());
            } catch (FileSystemException e) {
                // only root may give files away
            }
        }
        view.setPermissions(before.permissions());
    }

    private static void write(Path file, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            channel.force(true);
        }
    }

    /// Makes the names in a directory survive a power cut: files made, renamed and removed.
    public static void forceDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
