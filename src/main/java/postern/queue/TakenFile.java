package postern.queue;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.function.LongConsumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import postern.queue.Disk.DiskFile;

/// A file of ids under which messages were committed: a header of magic (8 bytes), version (4), when it was begun
/// (seconds of the epoch, 8) and CRC-32C of these (4), then records of kind (4), number (8) and CRC-32C (4). It is
/// only appended to. What is no sound record is where it ends.
final class TakenFile implements Closeable {
    private static final String PREFIX = "taken-";
    private static final long MAGIC = 0x506f737465726e49L; // "PosternI"
    private static final int VERSION = 1;
    private static final int HEADER = 24;
    private static final int RECORD = 16;
    private static final int AT_ONCE = 4096 * RECORD;

    /// The number is an id.
    private static final int ID = 1;
    /// The ids of all messages whose MAIL records lie in segments before this one are in these files.
    private static final int COVERED = 2;

    private final DiskFile file;
    private long end;

    private TakenFile(DiskFile file, long end) {
        this.file = file;
        this.end = end;
    }

    static String name(int number) {
        return String.format(Locale.ROOT, "%s%08x", PREFIX, number);
    }

    /// The number of a file of this name; -1 when it is another file.
    static int number(String name) {
        try {
            return name.startsWith(PREFIX) && name.length() == PREFIX.length() + 8
                    ? Integer.parseInt(name, PREFIX.length(), name.length(), 16)
                    : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /// Makes a file. Its name lasts when the directory was forced.
    static TakenFile create(Disk disk, int number, long since) throws IOException {
        TakenFile made = new TakenFile(disk.create(name(number)), HEADER);
        try {
            ByteBuffer header =
                    ByteBuffer.allocate(HEADER).putLong(MAGIC).putInt(VERSION).putLong(since);
            made.file.write(
                    header.putInt(sum(header, 0, HEADER - Integer.BYTES)).flip(), 0);
            return made;
        } catch (IOException e) {
            made.close();
            throw e;
        }
    }

    /// What a file holds.
    ///
    /// @param file to be appended to
    /// @param since seconds of the epoch
    /// @param covered major number of the segment; 0 when it does not say
    record Found(TakenFile file, long since, int covered) {}

    /// Reads a file; null when it was never whole.
    ///
    /// @throws IOException also for a file of a later version
    static @Nullable Found read(Disk disk, int number, LongConsumer ids) throws IOException {
        DiskFile file = disk.open(name(number));
        try {
            ByteBuffer header = ByteBuffer.allocate(HEADER);
            if (file.size() >= HEADER) {
                file.readFully(header, 0);
            }
            boolean sound = header.getLong(0) == MAGIC && header.getInt(20) == sum(header, 0, 20);
            if (sound && header.getInt(8) != VERSION) {
                throw new IOException(
                        name(number) + " is of version " + header.getInt(8) + ", this one reads " + VERSION);
            }
            if (!sound) {
                file.close();
                return null;
            }
            TakenFile found = new TakenFile(file, HEADER);
            int covered = found.readRecords(ids);
            return new Found(found, header.getLong(12), covered);
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    private int readRecords(LongConsumer ids) throws IOException {
        int covered = 0;
        long size = file.size();
        ByteBuffer piece = ByteBuffer.allocate(AT_ONCE);
        while (end + RECORD <= size) {
            piece.clear().limit((int) Math.min(AT_ONCE, (size - end) / RECORD * RECORD));
            file.readFully(piece, end);
            for (int at = 0; at < piece.limit(); at += RECORD) {
                if (piece.getInt(at + 12) != sum(piece, at, 12)) {
                    return covered;
                }
                if (piece.getInt(at) == ID) {
                    ids.accept(piece.getLong(at + 4));
                } else if (piece.getInt(at) == COVERED) {
                    covered = (int) piece.getLong(at + 4);
                }
                end += RECORD;
            }
        }
        return covered;
    }

    private static int sum(ByteBuffer of, int at, int length) {
        CRC32C sum = new CRC32C();
        sum.update(of.array(), at, length);
        return (int) sum.getValue();
    }

    /// These last when this returns, unless the file is new and the directory was not forced. After a failure
    /// nothing more may be appended.
    void append(long[] ids, int covered) throws IOException {
        ByteBuffer records = ByteBuffer.allocate((ids.length + 1) * RECORD);
        for (long id : ids) {
            put(records, ID, id);
        }
        put(records, COVERED, covered);
        file.write(records.flip(), end);
        file.force();
        end += records.limit();
    }

    /// What it holds lasts when this returns.
    void force() throws IOException {
        file.force();
    }

    private static void put(ByteBuffer into, int kind, long number) {
        int at = into.position();
        into.putInt(kind).putLong(number);
        into.putInt(sum(into, at, 12));
    }

    @Override
    public void close() {
        file.close();
    }
}
