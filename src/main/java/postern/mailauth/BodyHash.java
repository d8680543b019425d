package postern.mailauth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import postern.wire.Scan;

/// The hash of a body, which goes by in pieces cut anywhere (RFC 6376 §3.7). Nothing of it is kept but line ends
/// and white space of which it is not known yet whether something follows, as counts.
public final class BodyHash {
    private static final byte[] LINE_ENDS = "\r\n".repeat(64).getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SPACE = {' '};
    private static final byte[] CR = {'\r'};

    private final MessageDigest digest = Sha256.begin();
    private final boolean relaxed;
    /// Ends of empty lines, and of the one before them, that count only when something follows.
    private long lineEnds;
    /// White space at the place reached; RELAXED only.
    private boolean blank;
    /// The last byte was a CR, which may be half a line end.
    private boolean cr;
    private boolean empty = true;

    public BodyHash(Canonicalization canonicalization) {
        this.relaxed = canonicalization == Canonicalization.RELAXED;
    }

    /// Takes the next piece: the bytes from `from` to `to`.
    public void write(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            int newline = Scan.newline(bytes, at, to);
            int end = newline < 0 ? to : newline;
            boolean endsWithCr = end > at ? bytes[end - 1] == '\r' : cr;
            if (end > at) {
                text(bytes, at, endsWithCr ? end - 1 : end);
                cr = endsWithCr;
            }
            if (newline >= 0) {
                cr = false;
                lineEnded();
                end++;
            }
            at = end;
        }
    }

    /// Bytes of one line; a CR that was held before them is part of it.
    private void text(byte[] bytes, int from, int to) {
        if (cr) {
            cr = false;
            run(CR, 0, 1);
        }
        if (relaxed) {
            relaxed(bytes, from, to);
        } else {
            run(bytes, from, to);
        }
    }

    private void relaxed(byte[] bytes, int from, int to) {
        int start = from;
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (b == ' ' || b == '\t') {
                run(bytes, start, i);
                blank = true;
                start = i + 1;
            }
        }
        run(bytes, start, to);
    }

    /// Bytes without white space that is left out or made one.
    private void run(byte[] bytes, int from, int to) {
        if (from == to) {
            return;
        }
        for (; lineEnds > 0; lineEnds -= Math.min(lineEnds, LINE_ENDS.length / 2)) {
            digest.update(LINE_ENDS, 0, 2 * (int) Math.min(lineEnds, LINE_ENDS.length / 2));
        }
        if (blank) {
            digest.update(SPACE);
            blank = false;
        }
        digest.update(bytes, from, to - from);
        empty = false;
    }

    private void lineEnded() {
        blank = false;
        lineEnds++;
    }

    /// The body is complete.
    ///
    /// @return the hash, 32 bytes
    public byte[] finish() {
        if (cr) {
            cr = false;
            run(CR, 0, 1);
        }
        // An empty body is one line end in the simple form, nothing in the relaxed (RFC 6376 §3.4.3, §3.4.4).
        if (!(relaxed && empty)) {
            digest.update(LINE_ENDS, 0, 2);
        }
        return digest.digest();
    }
}
