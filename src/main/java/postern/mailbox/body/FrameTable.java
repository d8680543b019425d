package postern.mailbox.body;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Where the frames of a text begin. Each but the last holds [Block#FRAME] bytes of it.
final class FrameTable {
    private long[] places = new long[16];
    private int count;

    void add(long at) {
        if (count == places.length) {
            places = Arrays.copyOf(places, count * 2);
        }
        places[count++] = at;
    }

    int count() {
        return count;
    }

    long at(int frame) {
        return places[frame];
    }

    /// A table's payload: the size of the text, then the places.
    ByteBuffer encode(long size) {
        ByteBuffer bytes = Block.room(8 + 8 * count).putLong(size);
        for (int i = 0; i < count; i++) {
            bytes.putLong(places[i]);
        }
        return bytes;
    }

    /// Bytes of the table of a text.
    static long length(long size) {
        return 8 + 8 * ((size + Block.FRAME - 1) / Block.FRAME);
    }

    /// @param size the text must have
    /// @param end the frames must begin before
    /// @return null when it is not the table of such a text
    static @Nullable FrameTable decode(ByteBuffer bytes, long size, long end) {
        if (bytes.remaining() != length(size) || bytes.getLong() != size) {
            return null;
        }
        FrameTable table = new FrameTable();
        while (bytes.hasRemaining()) {
            long at = bytes.getLong();
            if (at < 0 || at >= end) {
                return null;
            }
            table.add(at);
        }
        return table;
    }
}
