package postern.queue;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import postern.queue.Disk.DiskFile;

/// The ledger's file: 16 bytes that say what it is, then records of [Copies#RECORD] bytes. What is no sound
/// record is where it ends.
///
/// It is only appended to. A file that is to hold other entries is written beside it and takes its name when
/// it lasts: whatever the disk does, there is one with all that was forced.
final class LedgerFile implements Closeable {
    private static final String NAME = "copies";
    private static final String NEW = "copies.new";
    private static final byte[] HEADER = "Postern copies 1".getBytes(StandardCharsets.US_ASCII);
    private static final int CHECKED = Copies.RECORD - Integer.BYTES;

    private final DiskFile file;
    private long end = HEADER.length;

    private LedgerFile(DiskFile file) {
        this.file = file;
    }

    /// The checksum of the record that begins there.
    static int sum(ByteBuffer records, int at) {
        CRC32C sum = new CRC32C();
        sum.update(records.slice(at, CHECKED));
        return (int) sum.getValue();
    }

    /// Reads all entries that there are. Nothing is written.
    ///
    /// @throws IOException also for a file of another kind, or of a later version
    static Copies read(Disk disk) throws IOException {
        Copies copies = new Copies();
        if (!disk.list().contains(NAME)) {
            return copies;
        }
        try (DiskFile file = disk.open(NAME)) {
            ByteBuffer header = ByteBuffer.allocate(HEADER.length);
            if (file.size() >= HEADER.length) {
                file.readFully(header, 0);
            }
            if (!header.equals(ByteBuffer.wrap(HEADER))) {
                throw new IOException(NAME + " is no file of this version");
            }
            readRecords(file, copies);
        }
        return copies;
    }

    private static void readRecords(DiskFile file, Copies into) throws IOException {
        ByteBuffer piece = ByteBuffer.allocate(1000 * Copies.RECORD);
        long at = HEADER.length;
        while (at + Copies.RECORD <= file.size()) {
            piece.clear().limit((int) Math.min(piece.capacity(), file.size() - at));
            file.readFully(piece, at);
            for (int i = 0; i + Copies.RECORD <= piece.limit(); i += Copies.RECORD) {
                if (piece.getInt(i + CHECKED) != sum(piece, i)) {
                    return;
                }
                into.add(new Ledger.Copy(piece.getLong(i), piece.getLong(i + 8)), piece.getLong(i + 16));
                at += Copies.RECORD;
            }
        }
    }

    /// Writes a file anew; it lasts, in the place of the old one, when this returns.
    static LedgerFile replace(Disk disk, ByteBuffer records) throws IOException {
        disk.delete(NEW);
        LedgerFile made = new LedgerFile(disk.create(NEW));
        try {
            made.file.write(ByteBuffer.wrap(HEADER), 0);
            made.append(records);
            disk.rename(NEW, NAME);
            disk.forceDirectory();
            return made;
        } catch (IOException e) {
            made.close();
            throw e;
        }
    }

    /// The records last when this returns. After a failure nothing more may be appended.
    void append(ByteBuffer records) throws IOException {
        int length = records.remaining();
        if (length > 0) {
            file.write(records, end);
        }
        file.force();
        end += length;
    }

    /// Entries that have been written.
    long entries() {
        return (end - HEADER.length) / Copies.RECORD;
    }

    @Override
    public void close() {
        file.close();
    }
}
