package postern.mailbox;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/// A message in a mailbox, without its text.
///
/// @param arrival INTERNALDATE (RFC 9051 §2.3.3), whole seconds
/// @param saved when it came into this mailbox (RFC 8514), whole seconds
/// @param front what stands in front of the text for this mailbox alone: whole lines, in UTF-8, or nothing
/// @param text where the rest of it lies
/// @param popId what POP3 calls it when that does not follow from its UID: kept from an import; else empty
public record MessageRef(
        Uid uid, ModSeq modSeq, Flags flags, Instant arrival, Instant saved, String front, TextRef text, String popId) {
    /// Bytes of the whole message.
    public long size() {
        return frontBytes().length + text.size();
    }

    /// The front as it is read.
    public byte[] frontBytes() {
        return front.getBytes(StandardCharsets.UTF_8);
    }

    /// The same with other flags.
    public MessageRef with(ModSeq newModSeq, Flags newFlags) {
        return new MessageRef(uid, newModSeq, newFlags, arrival, saved, front, text, popId);
    }

    /// The same for another place, where POP3 knows it by its UID.
    public MessageRef withoutPopId() {
        return popId.isEmpty() ? this : new MessageRef(uid, modSeq, flags, arrival, saved, front, text, "");
    }
}
