package postern.net;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/// The store of buffers for one TLS record each. They are lent for one read or one write, so that a
/// connection which waits holds none; those that come back while the store is full are left to the collector.
final class Packets {
    /// The longest record of TLS 1.2 (RFC 5246 §6.2.3): header, 2^14 bytes and 2,048 for the cipher.
    static final int SIZE = 5 + 16 * 1024 + 2048;

    private static final int STORED_AT_MOST = 64;
    private static final ArrayDeque<ByteBuffer> STORE = new ArrayDeque<>();
    private static int lent;

    private Packets() {}

    /// An empty buffer of [#SIZE] bytes with an array behind it.
    static ByteBuffer borrow() {
        ByteBuffer packet;
        synchronized (STORE) {
            lent++;
            packet = STORE.pollFirst();
        }
        return packet == null ? ByteBuffer.allocate(SIZE) : packet.clear();
    }

    static void giveBack(ByteBuffer packet) {
        synchronized (STORE) {
            lent--;
            if (STORE.size() < STORED_AT_MOST) {
                STORE.addFirst(packet);
            }
        }
    }

    /// How many are out now.
    static int lent() {
        synchronized (STORE) {
            return lent;
        }
    }
}
