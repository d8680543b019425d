package postern.queue;

/// Hands one message over for some of its recipients who share a next hop: over SMTP, over LMTP, as a bounce.
/// Called in a virtual thread of its own; blocks until it knows.
@FunctionalInterface
public interface DeliveryAgent {
    /// Tries once. Never throws for what a peer or the network does: that is a [DeliveryStatus].
    DeliveryResult deliver(DeliveryRequest request);

    /// Whether mail that this agent sent has reached its mailbox: a notice of success says "delivered" then,
    /// else "relayed" (RFC 3464 §2.3.3).
    default boolean isFinal() {
        return false;
    }
}
