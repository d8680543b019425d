package postern.mailbox.body;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import org.jspecify.annotations.Nullable;

/// A segment that is written to.
final class Segment {
    private static final byte[] START = "POSTERN TEXTS 1\n".getBytes(StandardCharsets.US_ASCII);
    private static final String SUFFIX = ".texts";

    final long number;
    private final Disk disk;
    private final Disk.DiskFile file;
    private long end;
    private boolean nameLasts;
    private boolean broken;

    private Segment(long number, Disk disk, Disk.DiskFile file) throws IOException {
        this.number = number;
        this.disk = disk;
        this.file = file;
        this.end = Math.max(file.size(), START.length);
    }

    /// Begins a new one, or goes on with one that could not be begun before, as when the disk was full.
    static Segment create(long number, Disk disk) throws IOException {
        try {
            return begun(number, disk, disk.create(name(number)));
        } catch (FileAlreadyExistsException e) {
            return open(number, disk);
        }
    }

    /// Goes on at the end of one that exists.
    static Segment open(long number, Disk disk) throws IOException {
        return begun(number, disk, disk.openToWrite(name(number)));
    }

    private static Segment begun(long number, Disk disk, Disk.DiskFile file) throws IOException {
        try {
            if (file.size() < START.length) {
                file.write(ByteBuffer.wrap(START), 0);
            }
            return new Segment(number, disk, file);
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    static String name(long number) {
        return String.format("%010d%s", number, SUFFIX);
    }

    /// Its number, or -1 when no segment is called so.
    static long number(String name) {
        String digits = name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : "";
        return digits.matches("[0-9]{10,18}") ? Long.parseLong(digits) : -1;
    }

    /// Writes a block to the end.
    ///
    /// @param filled from [Block#room]
    /// @return where it begins
    long append(int kind, ByteBuffer filled) throws IOException {
        long at = reserve(filled.position());
        file.write(Block.seal(filled, kind, number, at), at);
        return at;
    }

    private synchronized long reserve(int length) throws IOException {
        if (broken) {
            throw new IOException("segment " + name(number) + " could not be forced to disk");
        }
        long at = end;
        end += length;
        return at;
    }

    synchronized long end() {
        return end;
    }

    synchronized boolean broken() {
        return broken;
    }

    /// Forces all that was appended before. One thread at a time.
    ///
    /// @return why it could not be; null when it is
    @Nullable
    IOException force() {
        if (broken()) {
            return new IOException("segment " + name(number) + " could not be forced to disk");
        }
        try {
            file.force();
            if (!nameLasts) {
                disk.forceDirectory();
                nameLasts = true;
            }
            return null;
        } catch (IOException e) {
            synchronized (this) {
                broken = true;
            }
            return e;
        }
    }

    void close() {
        file.close();
    }
}
