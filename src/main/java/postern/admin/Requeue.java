package postern.admin;

import java.io.IOException;
import postern.queue.Operator;
import postern.queue.QueueId;

/// Lets messages come in again.
final class Requeue extends EachMessage {
    Requeue() {
        super("requeued", "Requeued");
    }

    @Override
    boolean act(Operator operator, QueueId id) throws IOException {
        return operator.requeue(id);
    }
}
