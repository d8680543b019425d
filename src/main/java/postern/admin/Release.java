package postern.admin;

import java.io.IOException;
import postern.queue.Operator;
import postern.queue.QueueId;

/// Lets held messages go.
final class Release extends EachMessage {
    Release() {
        super("released from hold", "Released from hold");
    }

    @Override
    boolean act(Operator operator, QueueId id) throws IOException {
        return operator.release(id);
    }
}
