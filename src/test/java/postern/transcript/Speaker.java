package postern.transcript;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import postern.net.Connection;
import postern.net.Deadline;
import postern.net.Endpoint;
import postern.net.TlsFacts;
import postern.net.TlsSettings;

/// A client that waits for no answer and counts what it hears: for measuring what a session costs. It keeps the last
/// 4 KB that were said to it, so that a test can see how it ended.
public abstract class Speaker implements Connection, Deadline {
    private final Endpoint peer;
    private final byte[] last = new byte[4096];
    private long heard;

    /// @param from the address it comes from
    protected Speaker(String from) {
        this.peer = Endpoint.of(InetAddress.ofLiteral(from), 40000);
    }

    /// Bytes that were said to it.
    public long heard() {
        return heard;
    }

    /// The last of them.
    public String said() {
        StringBuilder said = new StringBuilder();
        for (long at = Math.max(0, heard - last.length); at < heard; at++) {
            said.append((char) (last[(int) (at % last.length)] & 0xFF));
        }
        return said.toString();
    }

    @Override
    public void write(ByteBuffer bytes) {
        int skipped = Math.max(0, bytes.remaining() - last.length);
        bytes.position(bytes.position() + skipped);
        heard += skipped;
        while (bytes.hasRemaining()) {
            int to = (int) (heard % last.length);
            int count = Math.min(bytes.remaining(), last.length - to);
            bytes.get(last, to, count);
            heard += count;
        }
    }

    @Override
    public Endpoint peer() {
        return peer;
    }

    @Override
    public Endpoint local() {
        return Endpoint.of(InetAddress.ofLiteral("198.51.100.25"), 25);
    }

    @Override
    public @Nullable TlsFacts tls() {
        return null;
    }

    @Override
    public void startTls(TlsSettings settings) throws IOException {
        throw new IOException("no TLS here");
    }

    @Override
    public Deadline deadline() {
        return this;
    }

    @Override
    public void in(Duration time) {}

    @Override
    public void never() {}

    @Override
    public boolean expired() {
        return false;
    }

    @Override
    public void shutdownInput() {}

    @Override
    public void close() {}

    /// From this host: says a head, a filling again and again up to a size, and a tail.
    public static final class Flood extends Speaker {
        private final byte[] head;
        private final byte[] filling;
        private final byte[] tail;
        private final long size;
        private long sent;

        /// @param size of all fillings in bytes, at most: whole ones are sent
        public Flood(String head, String filling, String tail, long size) {
            super("127.0.0.1");
            this.head = bytes(head);
            this.filling = bytes(filling);
            this.tail = bytes(tail);
            this.size = size / filling.length() * filling.length();
        }

        private static byte[] bytes(String text) {
            return text.getBytes(StandardCharsets.US_ASCII);
        }

        @Override
        public int read(ByteBuffer into) {
            long at = sent - head.length;
            byte[] from = at < 0 ? head : at < size ? filling : tail;
            int offset = (int) (at < 0 ? sent : at < size ? at % filling.length : at - size);
            int count = Math.min(from.length - offset, into.remaining());
            if (count <= 0) {
                return -1;
            }
            into.put(from, offset, count);
            sent += count;
            return count;
        }
    }
}
