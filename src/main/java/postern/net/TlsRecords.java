package postern.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import postern.wire.ByteSource;

/// Cuts the bytes below TLS into records (RFC 8446 §5.1).
///
/// Waiting happens with a buffer of [#WAITING] bytes. Only when the header of a longer record is there, one
/// of [Packets] is borrowed, and exactly the rest of that record is read into it: between two records
/// nothing but the waiting bytes is ever held.
final class TlsRecords {
    static final int HANDSHAKE = 22;

    private static final int WAITING = 512;
    private static final int HEADER = 5;
    private static final int FIRST_TYPE = 20;
    private static final int LAST_TYPE = 24;

    private final ByteSource source;
    private final ByteBuffer waiting = ByteBuffer.allocate(WAITING).limit(0);
    private @Nullable ByteBuffer packet;

    TlsRecords(ByteSource source) {
        this.source = source;
    }

    /// One whole record, header included, from position to limit; null when the stream ends before it does.
    /// Valid until [#release()], which must follow.
    @Nullable
    ByteBuffer next() throws IOException {
        if (!fill(waiting, HEADER)) {
            return null;
        }
        int from = waiting.position();
        int length = length(from);
        if (length <= WAITING) {
            if (!fill(waiting, length)) {
                return null;
            }
            from = waiting.position();
            waiting.position(from + length);
            return waiting.duplicate().position(from).limit(from + length);
        }
        ByteBuffer whole = Packets.borrow();
        packet = whole;
        whole.put(waiting);
        waiting.position(0).limit(0);
        whole.limit(length);
        while (whole.hasRemaining()) {
            if (source.read(whole) < 0) {
                return null;
            }
        }
        return whole.flip();
    }

    /// The record is used.
    void release() {
        if (packet != null) {
            Packets.giveBack(packet);
            packet = null;
        }
    }

    private int length(int from) throws SSLException {
        int type = waiting.get(from);
        if (type < FIRST_TYPE || type > LAST_TYPE || waiting.get(from + 1) != 3) {
            throw new SSLException("wrong version number: the peer does not speak TLS");
        }
        int length = HEADER + (waiting.getShort(from + 3) & 0xffff);
        if (length > Packets.SIZE) {
            throw new SSLException("TLS record of " + length + " bytes");
        }
        return length;
    }

    /// Reads until the buffer holds at least `count` bytes.
    private boolean fill(ByteBuffer buffer, int count) throws IOException {
        while (buffer.remaining() < count) {
            if (buffer.capacity() - buffer.position() < count || !buffer.hasRemaining()) {
                buffer.compact().flip();
            }
            int from = buffer.position();
            int to = buffer.limit();
            buffer.limit(buffer.capacity()).position(to);
            int read;
            try {
                read = source.read(buffer);
            } finally {
                int now = buffer.position();
                buffer.position(from).limit(now);
            }
            if (read < 0) {
                return false;
            }
        }
        return true;
    }
}
