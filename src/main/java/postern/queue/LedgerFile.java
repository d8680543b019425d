package postern.queue;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import postern.queue.Disk.DiskFile;

/// A file of the ledger: 16 bytes that say what it is, then records of equal length, each with its CRC-32C at
/// its end. What is no sound record is where it ends.
///
/// It is only appended to. A file that is to hold other entries is written beside it and takes its name when
/// it lasts: whatever the disk does, there is one with all that was forced.
final class LedgerFile implements Closeable {
    static final Kind COPIES = new Kind("copies", Copies.RECORD);
    static final Kind DOUBTS = new Kind("doubts", Doubts.RECORD);

    private static final int HEADER = 16;

    private final DiskFile file;
    private final Kind kind;
    private long end = HEADER;

    private LedgerFile(DiskFile file, Kind kind) {
        this.file = file;
        this.kind = kind;
    }

    /// What is in a file.
    ///
    /// @param name of six letters
    /// @param record bytes of a record
    record Kind(String name, int record) {
        private byte[] header() {
            return ("Postern " + name + " 1").getBytes(StandardCharsets.US_ASCII);
        }

        private String newName() {
            return name + ".new";
        }

        private int checked() {
            return record - Integer.BYTES;
        }
    }

    /// The checksum of the record that begins there.
    static int sum(ByteBuffer records, int at, int length) {
        CRC32C sum = new CRC32C();
        sum.update(records.slice(at, length));
        return (int) sum.getValue();
    }

    /// Reads all records that there are. Nothing is written.
    ///
    /// @return whether there is such a file
    /// @throws IOException also for a file of another kind, or of a later version
    static boolean read(Disk disk, Kind kind, Consumer<ByteBuffer> records) throws IOException {
        if (!disk.list().contains(kind.name())) {
            return false;
        }
        try (DiskFile file = disk.open(kind.name())) {
            ByteBuffer header = ByteBuffer.allocate(HEADER);
            if (file.size() >= HEADER) {
                file.readFully(header, 0);
            }
            if (!header.equals(ByteBuffer.wrap(kind.header()))) {
                throw new IOException(kind.name() + " is no file of this version");
            }
            readRecords(file, kind, records);
        }
        return true;
    }

    private static void readRecords(DiskFile file, Kind kind, Consumer<ByteBuffer> records) throws IOException {
        ByteBuffer piece = ByteBuffer.allocate(1000 * kind.record());
        long at = HEADER;
        while (at + kind.record() <= file.size()) {
            piece.clear().limit((int) Math.min(piece.capacity(), file.size() - at));
            file.readFully(piece, at);
            for (int i = 0; i + kind.record() <= piece.limit(); i += kind.record()) {
                if (piece.getInt(i + kind.checked()) != sum(piece, i, kind.checked())) {
                    return;
                }
                records.accept(piece.slice(i, kind.record()));
                at += kind.record();
            }
        }
    }

    /// Writes a file anew; it lasts, in the place of the old one, when this returns.
    static LedgerFile replace(Disk disk, Kind kind, ByteBuffer records) throws IOException {
        disk.delete(kind.newName());
        LedgerFile made = new LedgerFile(disk.create(kind.newName()), kind);
        try {
            made.file.write(ByteBuffer.wrap(kind.header()), 0);
            made.append(records);
            disk.rename(kind.newName(), kind.name());
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
        return (end - HEADER) / kind.record();
    }

    @Override
    public void close() {
        file.close();
    }
}
