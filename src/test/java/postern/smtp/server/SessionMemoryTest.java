package postern.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
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

/// What a client can make a session hold: nothing, however much it sends.
class SessionMemoryTest {
    private static final long HUNDRED_MEGABYTES = 100L << 20;
    private static final int LINE = 16 * 1024;

    @TempDir
    Path directory;

    /// Sends a head, a filling repeated up to a size, and a tail.
    private static final class Flood implements Connection, Deadline {
        private final byte[] head;
        private final byte[] filling;
        private final byte[] tail;
        private final long size;
        private final ByteArrayOutputStream said = new ByteArrayOutputStream();
        private long sent;

        Flood(String head, String filling, String tail) {
            this.head = head.getBytes(StandardCharsets.US_ASCII);
            this.filling = filling.repeat(LINE / filling.length()).getBytes(StandardCharsets.US_ASCII);
            this.tail = tail.getBytes(StandardCharsets.US_ASCII);
            this.size = HUNDRED_MEGABYTES / this.filling.length * this.filling.length;
        }

        String said() {
            return said.toString(StandardCharsets.UTF_8);
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

        @Override
        public void write(ByteBuffer bytes) {
            said.write(bytes.array(), bytes.position(), bytes.remaining());
            bytes.position(bytes.limit());
        }

        @Override
        public Endpoint peer() {
            return Endpoint.of(InetAddress.ofLiteral("192.0.2.1"), 40000);
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

    /// Plays a flood twice (the first time classes are loaded); returns what was said. A hundred megabytes may cost
    /// two.
    private String play(String head, String filling, String tail) throws IOException {
        Stage stage = new Stage(directory, time -> new MemoryWire(time, 1));
        stage.settings.put("smtpd_peername_lookup", "no");
        stage.settings.put("message_size_limit", "1000");
        SmtpServer server = stage.server();
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        server.serve(new Flood(head, filling, tail));
        Flood flood = new Flood(head, filling, tail);
        long before = threads.getCurrentThreadAllocatedBytes();
        server.serve(flood);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(2 << 20);
        return flood.said();
    }

    @Test
    void aLineWithoutEnd() throws IOException {
        assertThat(play("EHLO ", "a", "\r\nQUIT\r\n")).contains("500 5.5.2 Error: line too long\r\n221 2.0.0 Bye\r\n");
    }

    @Test
    void aMessageFarBeyondTheLimit() throws IOException {
        assertThat(play("MAIL FROM:<>\r\nRCPT TO:<x@example.com>\r\nDATA\r\n", "0123456789abcd\r\n", ".\r\nQUIT\r\n"))
                .contains("552 5.3.4 Error: message file too big\r\n221 2.0.0 Bye\r\n");
    }

    @Test
    void aChunkFarBeyondTheLimit() throws IOException {
        assertThat(play("MAIL FROM:<>\r\nRCPT TO:<x@example.com>\r\nBDAT 104857600 LAST\r\n", "a", "QUIT\r\n"))
                .contains("552 5.3.4 Chunk exceeds message size limit\r\n221 2.0.0 Bye\r\n");
    }

    @Test
    void commandsWithoutEnd() throws IOException {
        assertThat(play("", "FOO BAR\r\n", "")).contains("421 4.7.0 ");
    }
}
