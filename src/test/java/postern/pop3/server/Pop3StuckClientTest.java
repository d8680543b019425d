package postern.pop3.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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
import postern.transcript.Speaker.Flood;

/// A client that asks for mail and never reads it: the write's deadline ends its session, and the maildrop is free
/// for the next one.
class Pop3StuckClientTest {
    private static final String LOGIN = "USER you@example.com\r\nPASS secret\r\n";

    @TempDir
    Path directory;

    /// Says all it has to say, and takes so many bytes.
    private static final class Stuck implements Connection, Deadline {
        private final ByteBuffer says;
        private int room;
        private boolean expired;
        private Duration last = Duration.ZERO;

        Stuck(String says, int room) {
            this.says = ByteBuffer.wrap(says.getBytes(StandardCharsets.US_ASCII));
            this.room = room;
        }

        @Override
        public int read(ByteBuffer into) {
            int count = Math.min(into.remaining(), says.remaining());
            into.put(says.slice(says.position(), count));
            says.position(says.position() + count);
            return count == 0 ? -1 : count;
        }

        /// As a socket does when its deadline passes.
        @Override
        public void write(ByteBuffer bytes) throws IOException {
            if (bytes.remaining() > room) {
                expired = true;
                throw new IOException("the connection has been closed: its time was up");
            }
            room -= bytes.remaining();
            bytes.position(bytes.limit());
        }

        @Override
        public Endpoint peer() {
            return Endpoint.of(InetAddress.getLoopbackAddress(), 40000);
        }

        @Override
        public Endpoint local() {
            return Endpoint.of(InetAddress.getLoopbackAddress(), 110);
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
        public void in(Duration duration) {
            last = duration;
        }

        @Override
        public void never() {
            throw new AssertionError("a session without a deadline");
        }

        @Override
        public boolean expired() {
            return expired;
        }

        @Override
        public void shutdownInput() {}

        @Override
        public void close() {}
    }

    @Test
    void sessionEndsAndGivesItsMaildropBack() throws IOException {
        try (Pop3Scene scene = new Pop3Scene(directory, time -> new MemoryWire(time, 1))) {
            scene.set("postern_pop3_timeout", "77s");
            scene.say("long", "200000");
            Stuck stuck = new Stuck(LOGIN + "DELE 1\r\nRSET\r\nRETR 1\r\nQUIT\r\n", 100_000);
            scene.server().serve(stuck);
            assertThat(stuck.last).isEqualTo(Duration.ofSeconds(77));
            assertThat(scene.log()).last().asString().contains("Disconnected: Inactivity", "retr=0/0");
            scene.check("inbox", "1");
            scene.check("seen", "");
            Flood next = new Flood(LOGIN, "STAT\r\n", "QUIT\r\n", 6);
            scene.server().serve(next);
            assertThat(next.said()).contains("+OK Logged in.\r\n+OK 1 ", "+OK Logging out.");
        }
    }
}
