package postern.queue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// The first 64 bytes of a segment: magic (8 bytes), format version major and minor (2 each), place in the
/// log's order (4 and 4), when it was made (seconds of the epoch, 4), the highest queue id given out before
/// (8), CRC-32C of all that (4), zeros.
///
/// A minor version adds kinds of records and fields of records, which older programs keep and pass over
/// ([RecordKind]); a major version is one that older programs must not read.
///
/// @param lastId so that an id is not used again although every trace of it is gone and the clock was set
///     back
record SegmentHeader(int version, SegmentName name, long made, long lastId) {
    static final int BYTES = 64;
    /// The major version that is written and read.
    static final int MAJOR = 2;

    static final int MINOR = 0;

    private static final long MAGIC = 0x506f737465726e51L; // "PosternQ"
    private static final int CHECKED = 32;

    SegmentHeader(SegmentName name, long made, long lastId) {
        this(MAJOR << 16 | MINOR, name, made, lastId);
    }

    ByteBuffer encode() {
        ByteBuffer into = ByteBuffer.allocate(BYTES);
        into.putLong(MAGIC).putInt(version).putInt(name.major()).putInt(name.minor());
        into.putInt((int) made).putLong(lastId);
        into.putInt(sum(into.array()));
        return into.rewind();
    }

    /// @throws DamagedException when this is no header
    /// @throws NewerFormatException when it is one of a later major version
    static SegmentHeader decode(ByteBuffer from) throws DamagedException, NewerFormatException {
        byte[] bytes = new byte[BYTES];
        from.get(bytes);
        ByteBuffer header = ByteBuffer.wrap(bytes);
        if (header.getLong() != MAGIC || header.getInt(CHECKED) != sum(bytes)) {
            throw new DamagedException("no segment header");
        }
        int version = header.getInt();
        SegmentName name = new SegmentName(header.getInt(), header.getInt());
        long made = header.getInt() & 0xffff_ffffL;
        if (version >>> 16 != MAJOR) {
            throw new NewerFormatException(name, version);
        }
        return new SegmentHeader(version, name, made, header.getLong());
    }

    private static int sum(byte[] bytes) {
        CRC32C sum = new CRC32C();
        sum.update(bytes, 0, CHECKED);
        return (int) sum.getValue();
    }

    /// The queue was written by a program whose format this one must not read.
    static final class NewerFormatException extends IOException {
        private static final long serialVersionUID = 1;

        NewerFormatException(SegmentName name, int version) {
            super("queue segment " + name + " has format " + (version >>> 16) + "." + (version & 0xffff)
                    + ", this version reads " + MAJOR
                    + ".x: start the version that wrote it and let it empty the queue");
        }
    }
}
