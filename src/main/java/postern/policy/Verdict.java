package postern.policy;

import java.util.List;
import postern.smtp.Directive;
import postern.smtp.Reply;

/// The only thing policy says to a session.
public sealed interface Verdict {
    Verdict ACCEPT = new Accept(List.of());

    /// No, with this reply.
    record Refuse(Reply reply) implements Verdict {}

    /// Yes, and what is to be done with the message besides (access(5), "OTHER ACTIONS").
    record Accept(List<Directive> directives) implements Verdict {}
}
