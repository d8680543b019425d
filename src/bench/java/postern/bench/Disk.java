package postern.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;

/// What the disk gives at this hour: the figure that explains the others.
final class Disk {
    private static final int APPEND = 4096;

    private Disk() {}

    /// A directory for one bench: never below /tmp, which may lie in memory, since forced writes must be writes; open
    /// to Postfix's own users.
    static Path directory() throws IOException {
        Path directory = Files.createTempDirectory(Path.of("/var/tmp"), "postern-bench");
        return Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /// Forced appends of 4 KB a second, one behind the other.
    static double forcedAppends(Path directory, Duration time) throws IOException {
        Path file = directory.resolve("disk-probe");
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            ByteBuffer page = ByteBuffer.allocateDirect(APPEND);
            long start = System.nanoTime();
            long appends = 0;
            while (System.nanoTime() - start < time.toNanos()) {
                channel.write(page.rewind());
                channel.force(false);
                appends++;
            }
            return appends * 1e9 / (System.nanoTime() - start);
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
