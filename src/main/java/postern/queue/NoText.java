package postern.queue;

import java.nio.ByteBuffer;

/// What stands for a text that cannot be read.
final class NoText implements Body {
    @Override
    public long size() {
        return 0;
    }

    @Override
    public int read(ByteBuffer into) {
        return -1;
    }

    @Override
    public void rewind() {
        // it is at its start
    }

    @Override
    public void close() {
        // nothing open
    }
}
