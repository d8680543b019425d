package postern.policy;

import java.util.List;
import postern.address.Address;
import postern.smtp.Reply;

/// The only thing policy says to a session.
public sealed interface Verdict {
    Verdict ACCEPT = new Accept(List.of());

    /// No, with this reply.
    record Refuse(Reply reply) implements Verdict {}

    /// Yes, and what access(5) actions want done with the message.
    record Accept(List<Action> actions) implements Verdict {}

    /// access(5), "OTHER ACTIONS".
    sealed interface Action {
        /// One header line, without its end.
        record Prepend(String headerLine) implements Action {}

        record Redirect(Address to) implements Action {}

        record Bcc(Address to) implements Action {}

        /// `transport:nexthop`
        record Filter(String destination) implements Action {}

        record Hold(String reason) implements Action {}

        record Discard(String reason) implements Action {}
    }
}
