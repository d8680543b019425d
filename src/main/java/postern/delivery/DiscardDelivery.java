package postern.delivery;

import java.time.Duration;
import java.util.Collections;
import postern.queue.DeliveryAgent;
import postern.queue.DeliveryRequest;
import postern.queue.DeliveryResult;
import postern.queue.DeliveryStatus;

/// The `discard` transport (discard(8)): the mail counts as sent, and is gone. The next hop is the reason,
/// for the log.
public final class DiscardDelivery implements DeliveryAgent {
    @Override
    public DeliveryResult deliver(DeliveryRequest request) {
        ErrorDelivery.Reason reason = ErrorDelivery.Reason.of(request.nextHop(), 2);
        DeliveryStatus status = new DeliveryStatus.Sent(reason.status(), "none", reason.text(), null, "", true);
        return new DeliveryResult(
                Collections.nCopies(request.recipients().size(), status), Duration.ZERO, Duration.ZERO, false);
    }
}
