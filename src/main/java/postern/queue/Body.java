package postern.queue;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/// The text of a message, canonical (lines end with CR LF, no dots stuffed), read from its start.
public interface Body extends Closeable {
    long size();

    /// Reads the next bytes, at most what fits; -1 at the end.
    int read(ByteBuffer into) throws IOException;

    /// Starts again from the first byte.
    void rewind();

    @Override
    void close();
}
