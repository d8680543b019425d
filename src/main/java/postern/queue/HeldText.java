package postern.queue;

import java.nio.ByteBuffer;

/// The beginning of a text that lies in memory.
final class HeldText implements Body {
    private final ByteBuffer text;

    HeldText(ByteBuffer text) {
        this.text = text.slice();
    }

    @Override
    public long size() {
        return text.limit();
    }

    @Override
    public int read(ByteBuffer into) {
        if (!text.hasRemaining()) {
            return -1;
        }
        int count = Math.min(into.remaining(), text.remaining());
        into.put(text.slice(text.position(), count));
        text.position(text.position() + count);
        return count;
    }

    @Override
    public void rewind() {
        text.rewind();
    }

    @Override
    public void close() {
        // nothing open
    }
}
