package postern.pop3.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import postern.net.Endpoint;
import postern.transcript.MemoryConnection;
import postern.transcript.VirtualTime;

/// How a text is cut on its way out must not matter: pieces of any size, lines across them.
class MessageTextTest {
    private static final Endpoint ANYBODY = Endpoint.of(InetAddress.ofLiteral("192.0.2.1"), 1);

    /// Gives so many bytes at a time.
    private static InputStream slow(String text, int atOnce) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)) {
            @Override
            public synchronized int read(byte[] into, int at, int count) {
                return super.read(into, at, Math.min(count, atOnce));
            }
        };
    }

    private static String top(String text, int lines, int atOnce) throws IOException {
        MemoryConnection connection = new MemoryConnection(new VirtualTime(), ANYBODY, ANYBODY, 4096);
        Chat chat = new Chat(connection, Duration.ofSeconds(600));
        AtomicLong sent = new AtomicLong(-1);
        chat.say(MessageText.top(slow(text, atOnce), lines, chat, sent::set));
        chat.flush();
        chat.release();
        connection.close();
        String said = connection.said();
        assertThat(said).endsWith(".\r\n");
        String taken = said.substring(0, said.length() - 3);
        assertThat(sent.get()).isBetween((long) taken.length() - 2, (long) taken.length());
        return taken;
    }

    @Test
    void aTopIsTheSameHoweverItIsRead() throws IOException {
        String header = "Subject: x\r\n folded\r\nTo: y\r\n";
        String text = header + "\r\none\r\n\r\nthree\r\n";
        for (int atOnce = 1; atOnce <= text.length() + 1; atOnce++) {
            assertThat(top(text, 0, atOnce)).isEqualTo(header + "\r\n");
            assertThat(top(text, 1, atOnce)).isEqualTo(header + "\r\none\r\n");
            assertThat(top(text, 2, atOnce)).isEqualTo(header + "\r\none\r\n\r\n");
            assertThat(top(text, 3, atOnce)).isEqualTo(text);
            assertThat(top(text, 1000, atOnce)).isEqualTo(text);
        }
    }

    @Test
    void theHeaderEndsAtTheFirstEmptyLine() throws IOException {
        for (int atOnce : new int[] {1, 2, 3, 100}) {
            assertThat(top("\r\nbody\r\n", 0, atOnce)).isEqualTo("\r\n");
            assertThat(top("a\r\n \r\nb\r\n\r\nbody\r\n", 0, atOnce)).isEqualTo("a\r\n \r\nb\r\n\r\n");
            assertThat(top("a: b\n\nbody\n", 0, atOnce)).isEqualTo("a: b\n\n");
            assertThat(top("a: b", 0, atOnce)).isEqualTo("a: b\r\n");
            assertThat(top("a\r\r\nb\r\n\r\nc", 0, atOnce)).isEqualTo("a\r\r\nb\r\n\r\n");
        }
    }
}
