package postern.delivery;

import java.nio.ByteBuffer;
import postern.queue.Body;

/// A text in memory.
final class MemoryBody implements Body {
    private final ByteBuffer text;

    MemoryBody(byte[] text) {
        this.text = ByteBuffer.wrap(text);
    }

    @Override
    public long size() {
        return text.capacity();
    }

    @Override
    public int read(ByteBuffer into) {
        int count = Math.min(text.remaining(), into.remaining());
        into.put(text.slice(text.position(), count));
        text.position(text.position() + count);
        return count == 0 ? -1 : count;
    }

    @Override
    public void rewind() {
        text.rewind();
    }

    @Override
    public void close() {}
}
