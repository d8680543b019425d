package postern.admin;

import java.io.IOException;
import postern.queue.Operator;

/// The queue of a server that does not run, lent for one command.
@FunctionalInterface
public interface StoppedQueue {
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
