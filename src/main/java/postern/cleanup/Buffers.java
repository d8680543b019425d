package postern.cleanup;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/// The buffers that messages are gathered in on their way to the queue: a few are kept for the next ones.
/// Safe for use from many threads.
final class Buffers {
    private static final int SIZE = 16 * 1024;
    private static final int KEPT = 64;

    private final ArrayDeque<ByteBuffer> store = new ArrayDeque<>();

    ByteBuffer borrow() {
        synchronized (store) {
            ByteBuffer kept = store.pollFirst();
            if (kept != null) {
                return kept;
            }
        }
        return ByteBuffer.allocate(SIZE);
    }

    void giveBack(ByteBuffer buffer) {
        buffer.clear();
        synchronized (store) {
            if (store.size() < KEPT) {
                store.addFirst(buffer);
            }
        }
    }
}
