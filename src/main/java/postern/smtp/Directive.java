package postern.smtp;

import postern.address.Address;

/// What policy wants done with one message besides accepting it (access(5), "OTHER ACTIONS"). The session
/// hands it to the [Handover].
public sealed interface Directive {
    /// A header line to put in front, without its end.
    record Prepend(String headerLine) implements Directive {}

    /// All recipients are replaced by this one.
    record Redirect(Address to) implements Directive {}

    /// One more recipient, who gets no notices.
    record Bcc(Address to) implements Directive {}

    /// `transport:nexthop` that goes before the routes.
    record Filter(String destination) implements Directive {}

    /// The message waits until it is released by hand.
    record Hold(String reason) implements Directive {}

    /// The message is accepted and thrown away.
    record Discard(String reason) implements Directive {}
}
