package postern.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import postern.transcript.MemoryWire;
import postern.transcript.Speaker.Flood;

/// What a client can make a session hold: nothing, however much it sends.
class SessionMemoryTest {
    private static final long HUNDRED_MEGABYTES = 100L << 20;
    private static final int LINE = 16 * 1024;

    @TempDir
    Path directory;

    /// Plays a flood twice (the first time classes are loaded); returns what was said. A hundred megabytes may cost
    /// two.
    private String play(String head, String filling, String tail) throws IOException {
        Stage stage = new Stage(directory, time -> new MemoryWire(time, 1));
        stage.settings.put("smtpd_peername_lookup", "no");
        stage.settings.put("message_size_limit", "1000");
        SmtpServer server = stage.server();
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        String lines = filling.repeat(LINE / filling.length());
        server.serve(new Flood(head, lines, tail, HUNDRED_MEGABYTES));
        Flood flood = new Flood(head, lines, tail, HUNDRED_MEGABYTES);
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
