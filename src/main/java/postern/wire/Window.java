package postern.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/// The bytes received and not yet consumed, of one connection: a `byte[]` that the readers of this package
/// search in place.
///
/// A connection that waits for a command holds [#IDLE] bytes; [#widen()] borrows a [#WIDE] one from a common
/// store while data flows, and [#narrow()] gives it back. Confined to the thread of its session.
public final class Window {
    /// Bytes that a waiting connection asks for and holds.
    public static final int IDLE = 512;
    /// Bytes held while message data flows.
    public static final int WIDE = 16 * 1024;

    private static final int STORED_AT_MOST = 64;
    private static final ArrayDeque<byte[]> STORE = new ArrayDeque<>();

    private final ByteSource source;
    private final byte[] idle = new byte[IDLE];
    private byte[] bytes = idle;
    private ByteBuffer tail = ByteBuffer.wrap(bytes);
    private int start;
    private int end;

    public Window(ByteSource source) {
        this.source = source;
    }

    /// The array that holds the bytes from [#start()] to [#end()]. Valid until the next [#fill()], [#widen()]
    /// or [#narrow()].
    public byte[] bytes() {
        return bytes;
    }

    public int start() {
        return start;
    }

    public int end() {
        return end;
    }

    public int available() {
        return end - start;
    }

    /// Marks `count` bytes from the start as used.
    public void consume(int count) {
        start += count;
        if (start == end) {
            start = 0;
            end = 0;
        }
    }

    /// Throws away whatever was received and not consumed: plaintext that came behind STARTTLS (RFC 3207
    /// §4.2). Returns how many bytes that were.
    public int discard() {
        int count = available();
        consume(count);
        return count;
    }

    /// Waits for more bytes and puts them behind those that are there. Returns false at the end of input.
    ///
    /// @throws IllegalStateException when the window is full; a reader must consume or give up before that
    public boolean fill() throws IOException {
        if (end == bytes.length) {
            if (start == 0) {
                throw new IllegalStateException("window is full");
            }
            System.arraycopy(bytes, start, bytes, 0, available());
            end -= start;
            start = 0;
        }
        tail.limit(bytes.length).position(end);
        int count = source.read(tail);
        if (count < 0) {
            return false;
        }
        end += count;
        return true;
    }

    /// Whether no further byte fits, even after moving what is there to the front.
    public boolean isFull() {
        return available() == bytes.length;
    }

    /// Makes room for [#WIDE] bytes.
    public void widen() {
        if (bytes.length >= WIDE) {
            return;
        }
        byte[] wide;
        synchronized (STORE) {
            wide = STORE.pollFirst();
        }
        replace(wide == null ? new byte[WIDE] : wide);
    }

    /// Gives the wide array back when the rest fits into the idle one; else does nothing.
    public void narrow() {
        if (bytes.length == WIDE && available() <= IDLE) {
            byte[] wide = bytes;
            replace(idle);
            synchronized (STORE) {
                if (STORE.size() < STORED_AT_MOST) {
                    STORE.addFirst(wide);
                }
            }
        }
    }

    private void replace(byte[] other) {
        int count = available();
        System.arraycopy(bytes, start, other, 0, count);
        bytes = other;
        tail = ByteBuffer.wrap(other);
        start = 0;
        end = count;
    }
}
