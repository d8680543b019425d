package postern.admin;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import postern.queue.Operator;

/// The queue of a server that does not run, lent for one command, and its mailboxes.
@FunctionalInterface
public interface StoppedQueue {
    /// The mailboxes; null for a public server.
    default @Nullable Mailroom mailroom() {
        return null;
    }

    /// What is done with it.
    @FunctionalInterface
    interface Use {
        /// Works on the queue; returns how that ended.
        Exit with(Operator operator) throws IOException;
    }

    /// Opens the queue, lends it, closes it.
    ///
    /// @throws IOException when it cannot be opened: because a server has it, or it cannot be read
    Exit lend(Use use) throws IOException;
}
