package postern.mailbox.transfer;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// A text whose lines end with CR LF, made of one whose lines may end with LF alone. All else stays as it is.
final class CrlfStream extends FilterInputStream {
    private final byte[] raw = new byte[16 << 10];
    private int at;
    private int end;
    private boolean afterReturn;
    private boolean owesNewline;

    CrlfStream(InputStream text) {
        super(text);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int count) throws IOException {
        if (count == 0) {
            return 0;
        }
        int filled = 0;
        while (filled == 0) {
            if (at == end && !owesNewline && !fill()) {
                return -1;
            }
            filled = convert(into, from, count);
        }
        return filled;
    }

    private boolean fill() throws IOException {
        end = Math.max(0, in.read(raw, 0, raw.length));
        at = 0;
        return end > 0;
    }

    private int convert(byte[] into, int from, int count) {
        int to = from;
        int last = from + count;
        while (to < last && (owesNewline || at < end)) {
            if (owesNewline) {
                into[to++] = '\n';
                owesNewline = false;
                continue;
            }
            byte next = raw[at++];
            if (next == '\n' && !afterReturn) {
                into[to++] = '\r';
                owesNewline = true;
                afterReturn = false;
            } else {
                into[to++] = next;
                afterReturn = next == '\r';
            }
        }
        return to - from;
    }

    @Override
    public long skip(long count) throws IOException {
        long skipped = 0;
        while (skipped < count && read() >= 0) {
            skipped++;
        }
        return skipped;
    }

    @Override
    public int available() {
        return 0;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
