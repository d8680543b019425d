package postern.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Looks through text eight bytes at a time: every byte of a message is looked at several times on its way
/// (in, into the queue, out), and one by one that was a third of the work of relaying a large message.
public final class Scan {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long TOP_BITS = 0x8080808080808080L;
    private static final long ABOVE_CR = 0x0e0e0e0e0e0e0e0eL;

    private Scan() {}

    /// The first place from `from` on, below `to`, with CR, LF or a control character below them (HT, NUL …);
    /// `to` when there is none. Who looks for line ends looks at few bytes in between.
    public static int lineEnd(byte[] bytes, int from, int to) {
        int at = from;
        for (; at <= to - Long.BYTES; at += Long.BYTES) {
            long word = (long) LONGS.get(bytes, at);
            long found = (word - ABOVE_CR) & ~word & TOP_BITS;
            if (found != 0) {
                return at + (Long.numberOfTrailingZeros(found) >>> 3);
            }
        }
        while (at < to && (bytes[at] > '\r' || bytes[at] < 0)) {
            at++;
        }
        return at;
    }

    /// The place of the first LF from `from` on, below `to`; -1 when there is none.
    public static int newline(byte[] bytes, int from, int to) {
        for (int at = lineEnd(bytes, from, to); at < to; at = lineEnd(bytes, at + 1, to)) {
            if (bytes[at] == '\n') {
                return at;
            }
        }
        return -1;
    }

    /// Whether no byte from `from` to `to` has its highest bit set.
    public static boolean isAscii(byte[] bytes, int from, int to) {
        long seen = 0;
        int at = from;
        for (; at <= to - Long.BYTES; at += Long.BYTES) {
            seen |= (long) LONGS.get(bytes, at);
        }
        for (; at < to; at++) {
            seen |= bytes[at];
        }
        return (seen & TOP_BITS) == 0;
    }
}
