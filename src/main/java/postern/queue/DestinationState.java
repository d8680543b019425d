package postern.queue;

import java.time.Instant;

/// How a destination stands: for `status`.
///
/// @param window deliveries that may run at a time
/// @param outage why nothing is sent there now; empty when it is
public record DestinationState(String transport, String nextHop, int window, int running, int waiting, String outage) {
    static DestinationState of(String transport, Destination destination, Instant now) {
        Destination.Outage outage = destination.outage(now);
        return new DestinationState(
                transport,
                destination.nextHop(),
                destination.window().size(),
                destination.running(),
                destination.waiting(),
                outage == null ? "" : outage.reason().text());
    }
}
