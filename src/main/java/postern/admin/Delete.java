package postern.admin;

import java.io.IOException;
import postern.queue.Operator;
import postern.queue.QueueId;

/// Deletes messages for good.
final class Delete extends EachMessage {
    Delete() {
        super("removed", "Deleted");
    }

    @Override
    boolean act(Operator operator, QueueId id) throws IOException {
        return operator.delete(id);
    }
}
