package postern.delivery;

import java.time.Duration;
import java.util.Collections;
import postern.queue.DeliveryAgent;
import postern.queue.DeliveryRequest;
import postern.queue.DeliveryResult;
import postern.queue.DeliveryStatus;
import postern.smtp.EnhancedStatus;

/// The `error` and `retry` transports (error(8)): the next hop is the reason, perhaps with an enhanced status
/// in front (`error:5.1.1 no such user`). `error` sends the mail back, `retry` keeps it.
public final class ErrorDelivery implements DeliveryAgent {
    private final boolean bounces;

    private ErrorDelivery(boolean bounces) {
        this.bounces = bounces;
    }

    /// Transport `error`.
    public static ErrorDelivery error() {
        return new ErrorDelivery(true);
    }

    /// Transport `retry`.
    public static ErrorDelivery retry() {
        return new ErrorDelivery(false);
    }

    @Override
    public DeliveryResult deliver(DeliveryRequest request) {
        Reason reason = Reason.of(request.nextHop(), bounces ? 5 : 4);
        DeliveryStatus status = bounces
                ? new DeliveryStatus.Bounced(reason.status(), "none", reason.text(), null, "")
                : new DeliveryStatus.Deferred(reason.status(), "none", reason.text(), null, "");
        return new DeliveryResult(
                Collections.nCopies(request.recipients().size(), status), Duration.ZERO, Duration.ZERO, false);
    }

    /// A status and a text, out of a next hop that holds both.
    record Reason(EnhancedStatus status, String text) {
        /// @param statusClass the class that the status must have, whatever is written
        static Reason of(String nextHop, int statusClass) {
            String text = nextHop.strip();
            EnhancedStatus given = EnhancedStatus.leading(text);
            if (given == null) {
                return new Reason(new EnhancedStatus(statusClass, 0, 0), text);
            }
            int space = text.indexOf(' ');
            return new Reason(
                    given.withClass(statusClass),
                    space < 0 ? text : text.substring(space).strip());
        }
    }
}
