package postern.handover;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// The first bytes of a text, held in memory until it is complete or too long for that: a slow client has
/// no line to the next hop meanwhile.
final class Held {
    /// Bytes of a text that are held.
    static final int MOST = 64 * 1024;

    private Held() {}

    /// The arrays that texts are held in: so many in all sessions together, and no more. Safe for use from
    /// many threads.
    static final class Store {
        private static final int ARRAYS = 256;

        private final ArrayDeque<ByteBuffer> free = new ArrayDeque<>();
        private int lent;

        /// An empty buffer, or null when all are in use: then the text goes on at once.
        synchronized @Nullable ByteBuffer lend() {
            if (lent == ARRAYS) {
                return null;
            }
            lent++;
            ByteBuffer kept = free.pollFirst();
            return kept == null ? ByteBuffer.allocate(MOST) : kept;
        }

        /// How many are in use.
        synchronized int lent() {
            return lent;
        }

        synchronized void giveBack(ByteBuffer buffer) {
            lent--;
            if (free.size() < 64) {
                free.addFirst(buffer.clear());
            }
        }
    }
}
