package postern.smtp.client;

import java.nio.ByteBuffer;
import postern.wire.ByteSource;

/// The text of a message on its way out: canonical (lines end with CR LF, no dots stuffed).
///
/// @param size in bytes
public record MessageText(ByteSource source, long size) {
    /// A text in memory.
    static MessageText of(byte[] text) {
        ByteBuffer rest = ByteBuffer.wrap(text);
        return new MessageText(
                into -> {
                    int count = Math.min(rest.remaining(), into.remaining());
                    into.put(rest.slice(rest.position(), count));
                    rest.position(rest.position() + count);
                    return count == 0 ? -1 : count;
                },
                text.length);
    }
}
