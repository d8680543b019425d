package postern.smtp.client;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/// The store of buffers lent while commands and text flow: a dialog that rests holds none.
final class Buffers {
    /// Bytes of each: a small message with its commands fits, and goes out in one write.
    static final int SIZE = 16 * 1024;

    private static final int STORED_AT_MOST = 64;
    private static final ArrayDeque<ByteBuffer> STORE = new ArrayDeque<>();

    private Buffers() {}

    /// An empty buffer over an array of its own.
    static ByteBuffer lend() {
        ByteBuffer stored;
        synchronized (STORE) {
            stored = STORE.pollFirst();
        }
        return stored == null ? ByteBuffer.allocate(SIZE) : stored.clear();
    }

    static void giveBack(ByteBuffer buffer) {
        synchronized (STORE) {
            if (STORE.size() < STORED_AT_MOST) {
                STORE.addFirst(buffer);
            }
        }
    }
}
