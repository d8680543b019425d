package postern.mailbox.body;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// What a segment consists of: kind, length, checksum, and then what the block holds.
///
/// @param kind one of the constants
/// @param payload what it holds, ready to be read
record Block(int kind, ByteBuffer payload) {
    /// A whole text of at most [#FRAME] bytes.
    static final int WHOLE = 1;
    /// A frame as it came.
    static final int PLAIN = 2;
    /// A frame, compressed.
    static final int PACKED = 3;
    /// The table of a text's frames.
    static final int TABLE = 4;

    /// Bytes in front of what a block holds: kind, length, checksum, four each.
    static final int HEADER = 12;
    /// Bytes of text in a frame.
    static final int FRAME = 64 << 10;
    /// Bytes of the longest table: two million frames.
    static final int LONGEST_TABLE = 16 << 20;

    /// A buffer for what a block holds, with the room in front left free.
    static ByteBuffer room(int length) {
        return ByteBuffer.allocate(HEADER + length).position(HEADER);
    }

    /// Makes a block of a buffer from [#room] that has been filled: from its start to its position.
    static ByteBuffer seal(ByteBuffer filled, int kind, long segment, long at) {
        filled.flip();
        int length = filled.remaining() - HEADER;
        int sum = sum(kind, filled.slice(HEADER, length), segment, at);
        return filled.putInt(0, kind).putInt(4, length).putInt(8, sum);
    }

    /// Reads and proves the block at a place: with one read when it is as long as expected.
    ///
    /// @param expected bytes that it holds, most likely
    /// @throws IOException when there is none, or it is not as it was written
    static Block read(Disk.DiskFile file, long segment, long at, int expected) throws IOException {
        ByteBuffer start = ByteBuffer.allocate(HEADER + expected);
        fill(file, start, at, segment, HEADER);
        int kind = start.getInt();
        int length = start.getInt();
        int sum = start.getInt();
        if (kind < WHOLE || kind > TABLE || length < 0 || length > (kind == TABLE ? LONGEST_TABLE : FRAME)) {
            throw damaged(segment, at, "no block begins there");
        }
        ByteBuffer payload;
        if (length <= start.remaining()) {
            payload = start.slice(HEADER, length);
        } else {
            if (length > file.size() - at - HEADER) {
                throw damaged(segment, at, "the file ends before");
            }
            payload = ByteBuffer.allocate(length).put(start);
            fill(file, payload, at + HEADER + payload.position(), segment, payload.remaining());
        }
        if (sum(kind, payload, segment, at) != sum) {
            throw damaged(segment, at, "wrong checksum");
        }
        return new Block(kind, payload);
    }

    /// Reads until the buffer is full, or at the end of the file.
    ///
    /// @param least bytes that must be there
    private static void fill(Disk.DiskFile file, ByteBuffer into, long at, long segment, int least) throws IOException {
        int enough = into.position() + least;
        long next = at;
        while (into.hasRemaining()) {
            int count = file.read(into, next);
            if (count < 0 && into.position() >= enough) {
                break;
            }
            if (count < 0) {
                throw new EOFException(
                        damaged(segment, at, "the file ends before").getMessage());
            }
            next += count;
        }
        into.flip();
    }

    static IOException damaged(long segment, long at, String why) {
        return new IOException("text at " + segment + ":" + at + " is damaged: " + why);
    }

    /// Over where it is too: a block at the wrong place is not sound.
    private static int sum(int kind, ByteBuffer payload, long segment, long at) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(24)
                .putLong(segment)
                .putLong(at)
                .putInt(kind)
                .putInt(payload.remaining())
                .flip());
        crc.update(payload.duplicate());
        return (int) crc.getValue();
    }
}
