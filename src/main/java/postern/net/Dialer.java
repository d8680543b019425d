package postern.net;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Opens connections: directly, or (later) as a circuit over the link. Whoever sends mail gets its sockets
/// here.
@FunctionalInterface
public interface Dialer {
    /// Connects to one endpoint.
    ///
    /// @param from the local address to connect from (`smtp_bind_address`), or null for any
    /// @throws IOException when it cannot be reached in time; the message is fit for a log line (`Connection
    ///     refused`)
    Connection dial(Endpoint to, @Nullable Endpoint from, Duration timeout) throws IOException;
}
