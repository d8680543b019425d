package postern.mailbox.delivery;

import java.nio.ByteBuffer;
import postern.message.Field;
import postern.message.HeaderSplitter;

/// Looks at a header for what a filter in front has said of the message.
final class SpamMark implements HeaderSplitter.Sink {
    private static final int LONGEST = 4096;

    private final HeaderSplitter splitter = new HeaderSplitter(this, LONGEST);
    private boolean found;
    private boolean ended;

    /// The next bytes of the message; they stay as they are.
    void look(ByteBuffer piece) {
        if (!ended) {
            splitter.write(piece.duplicate());
        }
    }

    boolean isFound() {
        return found;
    }

    @Override
    public void field(Field field) {
        found |= field.isNamed("X-Spam-Flag") && field.value().strip().equalsIgnoreCase("YES")
                || field.isNamed("X-Spam") && field.value().strip().equalsIgnoreCase("Yes");
    }

    @Override
    public boolean longField(Field beginning) {
        return false;
    }

    @Override
    public void raw(byte[] bytes, int from, int to) {}

    @Override
    public void headerEnd() {
        ended = true;
    }
}
