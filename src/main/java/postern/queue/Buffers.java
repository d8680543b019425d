package postern.queue;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/// The direct buffers that batches are gathered in: a fixed number, made when first wanted and then kept.
/// Guarded by the queue's lock.
final class Buffers {
    private final int size;
    private final int most;
    private final ArrayDeque<ByteBuffer> free = new ArrayDeque<>();
    private int made;

    Buffers(int size, int most) {
        this.size = size;
        this.most = most;
    }

    /// Bytes that could be lent now.
    long room() {
        return (long) (free.size() + most - made) * size;
    }

    /// @throws IllegalStateException when all are lent; ask [#room()] before
    ByteBuffer lend() {
        ByteBuffer buffer = free.pollFirst();
        if (buffer != null) {
            return buffer;
        }
        if (made == most) {
            throw new IllegalStateException("all buffers are lent");
        }
        made++;
        return ByteBuffer.allocateDirect(size);
    }

    void giveBack(ByteBuffer buffer) {
        free.addFirst(buffer.clear());
    }
}
