package postern.mailbox.transfer;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.compressors.lz4.BlockLZ4CompressorInputStream;

/// Dovecot's LZ4 files: a magic, the largest size of a piece (4 bytes), and then pieces, each with its size
/// (4 bytes) and an LZ4 block.
final class Lz4Stream extends PieceStream {
    private static final int LARGEST = 16 << 20;

    private final DataInputStream in;
    private final int largest;

    /// @param magic bytes to pass over
    Lz4Stream(InputStream file, int magic) throws IOException {
        super(file);
        this.in = new DataInputStream(file);
        in.skipNBytes(magic);
        this.largest = in.readInt();
        if (largest < 1 || largest > LARGEST) {
            throw damaged();
        }
    }

    private static IOException damaged() {
        return new IOException("its compressed text (lz4) is damaged");
    }

    @Override
    byte[] next() throws IOException {
        int first = in.read();
        if (first < 0) {
            return NOTHING;
        }
        int length = first << 24 | in.readUnsignedByte() << 16 | in.readUnsignedByte() << 8 | in.readUnsignedByte();
        if (length < 1 || length > LARGEST + LARGEST / 128) {
            throw damaged();
        }
        byte[] packed = in.readNBytes(length);
        if (packed.length < length) {
            throw new EOFException();
        }
        try (InputStream block = new BlockLZ4CompressorInputStream(new ByteArrayInputStream(packed))) {
            byte[] plain = block.readNBytes(largest + 1);
            if (plain.length == 0 || plain.length > largest) {
                throw damaged();
            }
            return plain;
        } catch (IllegalArgumentException e) {
            throw damaged();
        }
    }
}
