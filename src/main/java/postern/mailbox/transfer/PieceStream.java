package postern.mailbox.transfer;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// A text that is expanded piece by piece.
abstract class PieceStream extends FilterInputStream {
    static final byte[] NOTHING = {};

    private byte[] piece = NOTHING;
    private int at;
    private boolean isEnd;

    PieceStream(InputStream packed) {
        super(packed);
    }

    /// The next piece; empty at the end.
    abstract byte[] next() throws IOException;

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int count) throws IOException {
        if (at == piece.length && !isEnd) {
            piece = next();
            at = 0;
            isEnd = piece.length == 0;
        }
        if (isEnd) {
            return -1;
        }
        int length = Math.min(count, piece.length - at);
        System.arraycopy(piece, at, into, from, length);
        at += length;
        return length;
    }

    @Override
    public long skip(long count) throws IOException {
        return read(new byte[(int) Math.min(count, 4096)]);
    }

    @Override
    public int available() {
        return piece.length - at;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
