package postern.delivery;

import java.io.IOException;
import java.nio.ByteBuffer;
import postern.queue.Body;

/// A text with header fields in front that are not kept with it.
final class FrontedBody implements Body {
    private final ByteBuffer front;
    private final Body text;

    /// @param front whole lines
    FrontedBody(byte[] front, Body text) {
        this.front = ByteBuffer.wrap(front);
        this.text = text;
    }

    @Override
    public long size() {
        return front.limit() + text.size();
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        if (!front.hasRemaining()) {
            return text.read(into);
        }
        int count = Math.min(into.remaining(), front.remaining());
        into.put(front.slice(front.position(), count));
        front.position(front.position() + count);
        return count;
    }

    @Override
    public void rewind() {
        front.rewind();
        text.rewind();
    }

    @Override
    public void close() {
        text.close();
    }
}
