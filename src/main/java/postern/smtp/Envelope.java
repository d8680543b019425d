package postern.smtp;

import java.time.Instant;
import postern.address.Path;

/// What is known of a message before its recipients and its text: what MAIL said, who said it, when.
///
/// @param requeued the queue id of a message that comes in again by an operator's wish; empty for new mail
public record Envelope(Path sender, Params params, Peer peer, Instant arrival, String requeued) {
    public Envelope(Path sender, Params params, Peer peer, Instant arrival) {
        this(sender, params, peer, arrival, "");
    }

    public Envelope withSender(Path other) {
        return new Envelope(other, params, peer, arrival, requeued);
    }

    public boolean isRequeued() {
        return !requeued.isEmpty();
    }
}
