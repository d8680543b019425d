package postern.pop3.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import postern.net.Connection;
import postern.net.Deadline;
import postern.net.Endpoint;
import postern.net.TlsFacts;
import postern.net.TlsSettings;
import postern.transcript.MemoryWire;

/// What a client can make a session hold: nothing, however much it sends or asks for.
class Pop3MemoryTest {
    private static final long HUNDRED_MEGABYTES = 100L << 20;

    @TempDir
    Path directory;

    /// Says a beginning, then the same again and again.
    private static final class Flood implements Connection, Deadline {
        private final byte[] head;
        private final byte[] filling;
        private final long size;
        private long sent;
        long heard;

        Flood(String head, String filling, long size) {
            this.head = head.getBytes(StandardCharsets.US_ASCII);
            this.filling = filling.getBytes(StandardCharsets.US_ASCII);
            this.size = size;
        }

        @Override
        public int read(ByteBuffer into) {
            boolean first = sent < head.length;
            if (!first && sent - head.length >= size) {
                return -1;
            }
            byte[] from = first ? head : filling;
            int offset = (int) (first ? sent : (sent - head.length) % filling.length);
            int count = Math.min(from.length - offset, into.remaining());
            into.put(from, offset, count);
            sent += count;
            return count;
        }

        @Override
        public void write(ByteBuffer bytes) {
            heard += bytes.remaining();
            bytes.position(bytes.limit());
        }

        @Override
        public Endpoint peer() {
            return Endpoint.of(InetAddress.ofLiteral("127.0.0.1"), 40000);
        }

        @Override
        public Endpoint local() {
            return peer();
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
    }

    /// Plays a flood twice (the first time classes are loaded); returns what the second cost.
    private long cost(Pop3Server server, Flood warm, Flood flood) {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        server.serve(warm);
        long before = threads.getCurrentThreadAllocatedBytes();
        server.serve(flood);
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    @Test
    void aLineWithoutEnd() throws IOException {
        try (Pop3Scene scene = new Pop3Scene(directory, time -> new MemoryWire(time, 1))) {
            String line = "a".repeat(16 * 1024);
            assertThat(cost(
                            scene.server(),
                            new Flood("USER ", line, 1 << 20),
                            new Flood("USER ", line, HUNDRED_MEGABYTES)))
                    .isLessThan(1 << 20);
        }
    }

    /// The text of 1.8 MB is sent 60 times: what is allocated is not in proportion. (The double copies each text when
    /// it is opened: that is taken off.)
    @Test
    void messagesAreNeverHeld() throws IOException {
        try (Pop3Scene scene = new Pop3Scene(directory, time -> new MemoryWire(time, 1))) {
            scene.say("long", "200000");
            String login = "USER you@example.com\r\nPASS secret\r\n";
            Flood flood = new Flood(login, "TOP 1 199000\r\n", 60 * 14);
            long cost = cost(scene.server(), new Flood(login, "TOP 1 199000\r\n", 14), flood);
            assertThat(flood.heard).isGreaterThan(100L << 20);
            assertThat(cost - 60 * 1_800_020L).isLessThan(2 << 20);
        }
    }
}
