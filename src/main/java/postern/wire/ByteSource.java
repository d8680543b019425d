package postern.wire;

import java.io.IOException;
import java.nio.ByteBuffer;

/// Where bytes come from: a connection, or a script in a test.
@FunctionalInterface
public interface ByteSource {
    /// Waits for at least one byte and reads what is there, at most what fits. Returns the number of bytes
    /// read, or -1 at the end of input (also when the peer's time is up: see `net.Deadline`).
    int read(ByteBuffer into) throws IOException;
}
