package postern.mailbox.transfer;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/// Dovecot's LZ4 files: a magic, the largest size of a piece (4 bytes), and then pieces, each with its size
/// (4 bytes) and an LZ4 block.
final class Lz4Stream extends PieceStream {
    private static final int LARGEST = 16 << 20;
    private static final int LEAST_MATCH = 4;

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
        try {
            return block(packed);
        } catch (ArrayIndexOutOfBoundsException e) {
            throw damaged();
        }
    }

    /// A block: a token, literals, and a match further back, again and again; the last has no match.
    private byte[] block(byte[] packed) throws IOException {
        byte[] plain = new byte[largest];
        int at = 0;
        int to = 0;
        while (true) {
            int token = packed[at++] & 0xff;
            int literals = token >> 4;
            if (literals == 15) {
                int more;
                do {
                    more = packed[at++] & 0xff;
                    literals += more;
                } while (more == 255);
            }
            if (literals < 0 || literals > packed.length - at || literals > plain.length - to) {
                throw damaged();
            }
            System.arraycopy(packed, at, plain, to, literals);
            at += literals;
            to += literals;
            if (at == packed.length) {
                return java.util.Arrays.copyOf(plain, to);
            }
            int back = (packed[at] & 0xff) | (packed[at + 1] & 0xff) << 8;
            at += 2;
            int match = token & 15;
            if (match == 15) {
                int more;
                do {
                    more = packed[at++] & 0xff;
                    match += more;
                } while (more == 255);
            }
            match += LEAST_MATCH;
            if (back == 0 || back > to || match < 0 || match > plain.length - to) {
                throw damaged();
            }
            for (int i = 0; i < match; i++, to++) {
                plain[to] = plain[to - back];
            }
        }
    }
}
