package postern.handover;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import postern.smtp.Reply;

/// The first bytes of a text, held in memory until it is complete or too long for that: a slow client has
/// no line to the next hop meanwhile.
final class Held {
    /// Bytes of a text that are held.
    static final int MOST = 64 * 1024;
    /// Bytes that a text begins with: most texts need no more.
    static final int FIRST = 16 * 1024;

    private Held() {}

    /// The arrays that texts are held in: so many in all sessions together, and no more. Some are for texts
    /// that begin, whatever the long ones need. Safe for use from many threads.
    static final class Store {
        private static final int BYTES = 16 * 1024 * 1024;
        private static final int FOR_LONG_ONES = BYTES / 4 * 3;
        private static final int KEPT = 32;

        private final ArrayDeque<ByteBuffer> small = new ArrayDeque<>();
        private final ArrayDeque<ByteBuffer> large = new ArrayDeque<>();
        private final Duration patience;
        private int lent;

        /// @param patience how long a text waits for room
        Store(Duration patience) {
            this.patience = patience;
        }

        /// A buffer with what `held` holds and room for so much more; `held` itself, or a larger one in its
        /// place. Null when no text as long as that is held.
        ///
        /// @param held null when there is none yet
        /// @throws Reply.Refused when there is no room in time
        @Nullable
        ByteBuffer fit(@Nullable ByteBuffer held, int more) {
            if (held != null && held.remaining() >= more) {
                return held;
            }
            int size = (held == null ? 0 : held.position()) + more;
            if (size > MOST || held != null && held.capacity() == MOST) {
                return null;
            }
            ByteBuffer fitting = lend(size > FIRST ? MOST : FIRST);
            if (held != null) {
                fitting.put(held.flip());
                giveBack(held);
            }
            return fitting;
        }

        private synchronized ByteBuffer lend(int size) {
            int bound = size == FIRST ? BYTES : FOR_LONG_ONES;
            long end = System.nanoTime() + patience.toNanos();
            while (lent + size > bound) {
                long left = end - System.nanoTime();
                if (left <= 0 || !await(left)) {
                    throw new Reply.Refused("451 4.3.2 Too many messages under way, try again later");
                }
            }
            lent += size;
            ByteBuffer kept = (size == FIRST ? small : large).pollFirst();
            return kept == null ? ByteBuffer.allocate(size) : kept;
        }

        private boolean await(long nanos) {
            try {
                wait(Math.max(1, nanos / 1_000_000));
                return true;
            } catch (InterruptedException e) {
                return false;
            }
        }

        /// How many bytes are in use.
        synchronized int lent() {
            return lent;
        }

        synchronized void giveBack(ByteBuffer buffer) {
            lent -= buffer.capacity();
            ArrayDeque<ByteBuffer> store = buffer.capacity() == FIRST ? small : large;
            if (store.size() < KEPT) {
                store.addFirst(buffer.clear());
            }
            notifyAll();
        }
    }
}
