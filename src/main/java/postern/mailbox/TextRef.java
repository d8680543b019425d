package postern.mailbox;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Where the text of a message lies: only the store that gave it can read it. The same text in several
/// mailboxes is kept once.
///
/// @param id of the text, never given to another: EMAILID of RFC 8474 comes from it
/// @param size bytes of the text, as delivered
/// @param hint where the store saw it; null when it must look
public record TextRef(long id, long size, @Nullable Hint hint) {
    /// A place of a store's own. The text may have moved since.
    public interface Hint {}

    public TextRef(long id, long size) {
        this(id, size, null);
    }

    /// The same text, wherever it lies.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TextRef text && text.id == id && text.size == size;
    }

    @Override
    public int hashCode() {
        return Objects.hash(id, size);
    }
}
