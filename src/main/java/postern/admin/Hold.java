package postern.admin;

import java.io.IOException;
import postern.queue.Operator;
import postern.queue.QueueId;

/// Keeps messages until they are released.
final class Hold extends EachMessage {
    Hold() {
        super("placed on hold", "Placed on hold");
    }

    @Override
    boolean act(Operator operator, QueueId id) throws IOException {
        return operator.hold(id);
    }
}
