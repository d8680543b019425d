package postern.smtp.client;

import org.jspecify.annotations.Nullable;
import postern.address.Path;
import postern.smtp.HandoverId;
import postern.smtp.Params;
import postern.smtp.Peer;
import postern.smtp.extension.EightBitMime.Body;

/// What MAIL says of a message, as far as the server's extensions let it.
///
/// @param params those that came with the message: RET, ENVID, SMTPUTF8
/// @param peer who handed the message in, for XFORWARD
/// @param id the queue id, for XFORWARD; empty when there is none
/// @param size bytes of the text; 0 when not known
/// @param body what is said of the bytes of the text; null where nothing is known of them yet
/// @param needsUtf8 whether header or addresses cannot go without SMTPUTF8 (RFC 6531 §3.6)
/// @param handover what a server of ours is to know this transaction by (XHANDOVER); null for none. There is
///     then a reply for each recipient after the text
public record MailFrom(
        Path sender,
        Params params,
        Peer peer,
        String id,
        long size,
        @Nullable Body body,
        boolean needsUtf8,
        @Nullable HandoverId handover) {
    /// Of a text that lies here.
    ///
    /// @param eightBit whether it holds bytes outside ASCII
    public MailFrom(Path sender, Params params, Peer peer, String id, long size, boolean eightBit, boolean needsUtf8) {
        this(sender, params, peer, id, size, eightBit ? Body.EIGHT_BIT : Body.SEVEN_BIT, needsUtf8, null);
    }

    /// The same, under an id.
    public MailFrom under(HandoverId other) {
        return new MailFrom(sender, params, peer, id, size, body, needsUtf8, other);
    }

    /// Whether bytes outside ASCII are to be expected.
    public boolean isEightBit() {
        return body == Body.EIGHT_BIT;
    }
}
