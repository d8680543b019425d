package postern.smtp.server;

import java.io.IOException;
import java.util.function.Supplier;
import postern.smtp.Reply;

/// A command that has been read: its arguments, and what it does in a session. Each is a record in a file of
/// its own, with a static `parse` that knows the grammar and nothing else.
@FunctionalInterface
interface Command {
    /// Does it, and returns what the session's loop is to answer.
    ///
    /// @throws Reply.Refused where it cannot go on
    /// @throws IOException when the connection is lost; the loop ends the session
    Reply run(SmtpSession session) throws IOException;

    /// The same, begun: what comes to the client before it is in [SmtpSession#owed()].
    ///
    /// @return waits for the answer; it may throw what [#run] may
    default Supplier<Reply> begin(SmtpSession session) throws IOException {
        Reply reply = run(session);
        return () -> reply;
    }
}
