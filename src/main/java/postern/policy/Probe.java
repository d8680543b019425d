package postern.policy;

import postern.address.Address;

/// Finds out whether mail for an address would be accepted where it leads, by asking there (MAIL, RCPT,
/// QUIT).
@FunctionalInterface
public interface Probe {
    /// What the next hop said.
    sealed interface Answer {
        record Deliverable() implements Answer {}

        /// It refused for good. `text` is for the client: `host mx.example[192.0.2.1] said: 550 …`.
        record Undeliverable(String text) implements Answer {}

        /// It could not be asked, or refused for now.
        record Unknown(String text) implements Answer {}
    }

    /// Blocks until there is an answer; ends by itself in bounded time.
    Answer ask(Address address);
}
