package postern.pop3.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import postern.transcript.MemoryWire;
import postern.transcript.Speaker.Flood;

/// What a client can make a session hold: nothing, however much it sends or asks for.
class Pop3MemoryTest {
    private static final long HUNDRED_MEGABYTES = 100L << 20;

    @TempDir
    Path directory;

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
                            new Flood("USER ", line, "", 1 << 20),
                            new Flood("USER ", line, "", HUNDRED_MEGABYTES)))
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
            Flood flood = new Flood(login, "TOP 1 199000\r\n", "", 60 * 14);
            long cost = cost(scene.server(), new Flood(login, "TOP 1 199000\r\n", "", 14), flood);
            assertThat(flood.heard()).isGreaterThan(100L << 20);
            assertThat(cost - 60 * 1_800_020L).isLessThan(2 << 20);
        }
    }
}
