package postern.mailbox.body;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Compresses and expands frames: at most 64 KB at a time, some hundred microseconds, so on the thread that
/// writes or reads.
final class Frames {
    private static final int LEVEL = 3;

    private Frames() {}

    /// @param plain a buffer from [Block#room] that has been filled
    /// @return the same kind of buffer, filled with less; null when it would save less than a tenth
    static @Nullable ByteBuffer packed(ByteBuffer plain) {
        int length = plain.position() - Block.HEADER;
        ByteBuffer packed = Block.room((int) Zstd.compressBound(length));
        try {
            long size = Zstd.compressByteArray(
                    packed.array(), Block.HEADER, packed.remaining(), plain.array(), Block.HEADER, length, LEVEL);
            return size > length - length / 10 ? null : packed.position(Block.HEADER + (int) size);
        } catch (ZstdException e) {
            return null;
        }
    }

    /// @return the frame as it came; null when that is not what it is
    static @Nullable ByteBuffer expanded(ByteBuffer packed, int length) {
        byte[] plain = new byte[length];
        try {
            long size = Zstd.decompressByteArray(
                    plain, 0, length, packed.array(), packed.arrayOffset() + packed.position(), packed.remaining());
            return size == length ? ByteBuffer.wrap(plain) : null;
        } catch (ZstdException e) {
            return null;
        }
    }
}
