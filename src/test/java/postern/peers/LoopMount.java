package postern.peers;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;

/// A file system of our own in a file, mounted on a loop device, that can be cut off from its disk as by a power
/// failure. Only root can do that, and not in every container.
public final class LoopMount implements AutoCloseable {
    /// Sparse; 300 MB is the least that mkfs.xfs takes.
    private static final long SIZE = 400L * 1024 * 1024;

    /// `EXT4_IOC_SHUTDOWN` and `XFS_IOC_GOINGDOWN` are the same number; so are their flags.
    private static final String SHUTDOWN =
            "open(my $d, '<', $ARGV[0]) or die \"$!\"; my $f = pack('L', $ARGV[1]); ioctl($d, 0x8004587D, $f) or die \"$!\"";

    private final Path image;
    private final Path mount;

    /// How much of the journal still reaches the disk.
    public enum Journal {
        FLUSHED(1),
        LOST(2);

        private final int flag;

        Journal(int flag) {
            this.flag = flag;
        }
    }

    /// Makes and mounts one, or leaves the test out and says why this machine cannot.
    ///
    /// @param type `ext4` or `xfs`
    public LoopMount(String type, Path directory) throws IOException {
        Commands.needRoot();
        Commands.need("mkfs." + type, "mount", "umount", "perl");
        image = directory.resolve(type + ".image");
        mount = Files.createDirectories(directory.resolve(type));
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(SIZE);
        }
        Commands.run("mkfs." + type, "-q", image.toString());
        Commands.Output mounted = tryMount();
        if (mounted.status() != 0) {
            String why = "no file system can be mounted on a loop device here: "
                    + mounted.text().strip();
            System.out.println("left out: " + why);
            Assumptions.abort(why);
        }
    }

    public Path path() {
        return mount;
    }

    private Commands.Output tryMount() throws IOException {
        return Commands.tryRun("mount", "-o", "loop", image.toString(), mount.toString());
    }

    /// The disk is gone for whoever has files open here; what was not forced does not get there any more.
    public void cut(Journal journal) throws IOException {
        Commands.run("perl", "-e", SHUTDOWN, mount.toString(), Integer.toString(journal.flag));
    }

    /// Mounts it again, as after the power came back: the journal is replayed.
    public void recover() throws IOException {
        close();
        Commands.Output mounted = tryMount();
        if (mounted.status() != 0) {
            throw new IOException("not mounted again: " + mounted.text());
        }
    }

    @Override
    public void close() throws IOException {
        Commands.await(
                mount + " to be unmounted",
                Duration.ofSeconds(60),
                () -> Commands.tryRun("umount", mount.toString()).status() == 0);
    }
}
