package postern.admin;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.queue.Operator;

/// One thing an operator can ask for. The same object runs inside the server, asked over the control socket,
/// and in the program itself when no server runs.
interface Command {
    /// Does it, and says what there is to say.
    ///
    /// @param arguments what stood behind the command's name
    /// @throws IOException when the queue cannot be read, or whoever asked is gone
    Exit run(List<String> arguments, Scene scene, Answer answer) throws IOException;

    /// What a command acts on.
    ///
    /// @param running null when no server runs
    /// @param mailroom null on a public server
    record Scene(
            Operator operator,
            @Nullable Running running,
            @Nullable Mailroom mailroom) {
        /// @throws IllegalArgumentException where there are none
        Mailroom mailboxes() {
            if (mailroom == null) {
                throw new IllegalArgumentException("there are no mailboxes on a public server");
            }
            return mailroom;
        }
    }
}
