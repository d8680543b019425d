package postern.wire;

import java.io.IOException;
import java.nio.ByteBuffer;

/// Where bytes go to: a connection, or a recording in a test.
@FunctionalInterface
public interface ByteSink {
    /// Writes all that remains in the buffer; returns when the sink has taken it.
    void write(ByteBuffer bytes) throws IOException;
}
