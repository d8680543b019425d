package postern.mailbox.transfer;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/// So many bytes of another stream.
final class LengthStream extends InputStream {
    private final InputStream in;
    private long left;

    LengthStream(InputStream in, long length) {
        this.in = in;
        this.left = length;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int count) throws IOException {
        if (left == 0) {
            return -1;
        }
        int got = in.read(into, from, (int) Math.min(count, left));
        if (got < 0) {
            throw new EOFException("the server has gone");
        }
        left -= got;
        return got;
    }

    void skipRest() throws IOException {
        byte[] piece = new byte[8192];
        while (left > 0) {
            int got = read(piece, 0, piece.length);
            if (got < 0) {
                return;
            }
        }
    }
}
