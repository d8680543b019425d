package postern.pop3.server;

import java.io.IOException;

/// A command that has been read: its arguments, and what it does in a session. Each is a record in a file of
/// its own, with a static `parse` that knows the grammar and nothing else.
@FunctionalInterface
interface Command {
    /// Does it, and returns what the session's loop is to answer.
    ///
    /// @throws Response.Refused where it cannot go on
    /// @throws IOException when the connection is lost; the loop ends the session
    Response run(Pop3Session session) throws IOException;
}
