package postern.queue;

import java.time.Duration;
import java.util.List;

/// What became of one [DeliveryRequest].
///
/// @param statuses one per recipient, in the request's order
/// @param connect time until the session was ready (the third of Postfix's `delays=`)
/// @param transmit time for envelope and text (the fourth)
/// @param nextHopFailed whether the next hop as a whole could not be used (no connection, no greeting): it
///     narrows the destination's window
public record DeliveryResult(
        List<DeliveryStatus> statuses, Duration connect, Duration transmit, boolean nextHopFailed) {
    public DeliveryResult {
        statuses = List.copyOf(statuses);
    }
}
