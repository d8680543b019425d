package postern.mailbox.body;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Reads a text from a byte of it on, frame by frame; holds one frame.
final class TextStream extends InputStream {
    private final StoredText text;
    private final @Nullable FrameTable frames;
    private ByteBuffer window;
    private int next;

    /// Takes the text over.
    ///
    /// @throws IOException when its first block is damaged; the text is closed then
    TextStream(StoredText text, long from) throws IOException {
        this.text = text;
        try {
            Block start = text.start();
            long skip = Math.min(from, text.size());
            if (start.kind() == Block.WHOLE) {
                frames = null;
                window = start.payload().position((int) skip);
            } else {
                frames = text.frames(start);
                next = (int) (skip / Block.FRAME);
                window = ByteBuffer.allocate(0);
                if (fill()) {
                    window.position((int) (skip % Block.FRAME));
                }
            }
        } catch (IOException e) {
            text.close();
            throw e;
        }
    }

    /// Whether there is a byte to read.
    private boolean fill() throws IOException {
        while (!window.hasRemaining()) {
            if (frames == null || next >= frames.count()) {
                return false;
            }
            window = text.frame(frames, next++);
        }
        return true;
    }

    @Override
    public int read() throws IOException {
        return fill() ? window.get() & 0xFF : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, window.remaining());
        window.get(into, offset, count);
        return count;
    }

    @Override
    public void close() {
        text.close();
    }
}
