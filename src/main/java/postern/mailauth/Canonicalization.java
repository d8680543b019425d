package postern.mailauth;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// What changes on the way a signature survives (RFC 6376 §3.4): none, or of white space only. The same for
/// header fields and for the body ([BodyHash]), for signing and for verifying.
public enum Canonicalization {
    /// RFC 6376 §3.4.1 and §3.4.3. A bare LF counts as a line end (RFC 6376 §5.3).
    SIMPLE {
        @Override
        byte[] header(byte[] bytes, int from, int to) {
            Bytes canonical = new Bytes(to - from + 2);
            int end = beforeLineEnd(bytes, from, to);
            for (int i = from; i < end; i++) {
                if (bytes[i] == '\n' && (i == from || bytes[i - 1] != '\r')) {
                    canonical.put('\r');
                }
                canonical.put(bytes[i]);
            }
            return canonical.put('\r').put('\n').done();
        }
    },
    /// RFC 6376 §3.4.2 and §3.4.4.
    RELAXED {
        @Override
        byte[] header(byte[] bytes, int from, int to) {
            Bytes canonical = new Bytes(to - from + 2);
            int colon = from;
            while (colon < to && bytes[colon] != ':') {
                byte b = bytes[colon++];
                if (!isBlank(b)) {
                    canonical.put(b >= 'A' && b <= 'Z' ? b + 32 : b);
                }
            }
            canonical.put(':');
            boolean blank = false;
            boolean begun = false;
            for (int i = colon + 1; i < to; i++) {
                if (isBlank(bytes[i])) {
                    blank = true;
                } else if (!isLineEnd(bytes, i, to)) {
                    if (blank && begun) {
                        canonical.put(' ');
                    }
                    canonical.put(bytes[i]);
                    blank = false;
                    begun = true;
                }
            }
            return canonical.put('\r').put('\n').done();
        }
    };

    /// A header field in the form that is hashed, with one CR LF at its end.
    ///
    /// @param bytes where the field stands, from its name to its last line end (which may lack)
    abstract byte[] header(byte[] bytes, int from, int to);

    /// The same of a text in ASCII.
    byte[] header(String field) {
        byte[] bytes = field.getBytes(StandardCharsets.US_ASCII);
        return header(bytes, 0, bytes.length);
    }

    /// How `c=` names it.
    public String tag() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    /// Whether a LF, or the CR of a CR LF, stands there.
    private static boolean isLineEnd(byte[] bytes, int at, int to) {
        return bytes[at] == '\n' || bytes[at] == '\r' && at + 1 < to && bytes[at + 1] == '\n';
    }

    private static int beforeLineEnd(byte[] bytes, int from, int to) {
        int end = to;
        if (end > from && bytes[end - 1] == '\n') {
            end--;
            if (end > from && bytes[end - 1] == '\r') {
                end--;
            }
        }
        return end;
    }
}
