package postern;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import postern.net.Connection;
import postern.net.Deadlines;
import postern.net.Dialer;
import postern.net.DirectDialer;
import postern.net.Endpoint;

/// The network of the demo: the guide's addresses lead to ports on loopback, all others lead nowhere. A server that
/// is told so hears by a PROXY header from which of these addresses somebody comes.
final class DemoRoads {
    private static final int SOME_PORT = 40_000;

    private final Map<String, Road> roads = new ConcurrentHashMap<>();
    private final DirectDialer direct;

    /// @param isTold whether the server there reads a PROXY header
    private record Road(Endpoint at, boolean isTold) {}

    DemoRoads(Deadlines deadlines) {
        this.direct = new DirectDialer(deadlines);
    }

    /// @param address `192.168.2.3`
    void lead(String address, int port, Endpoint at, boolean isTold) {
        roads.put(address + ":" + port, new Road(at, isTold));
    }

    /// Dials as from one address of the guide.
    Dialer from(String source) {
        return (to, from, timeout) -> dial(source, to.text(), to.port(), timeout);
    }

    /// @throws IOException for an address that there is not
    Connection dial(String source, String to, int port, Duration timeout) throws IOException {
        @Nullable Road road = roads.get(to + ":" + port);
        if (road == null) {
            throw new IOException("Network is unreachable");
        }
        Connection connection = direct.dial(road.at(), null, timeout);
        if (road.isTold()) {
            String header = "PROXY TCP4 " + source + " " + to + " " + SOME_PORT + " " + port + "\r\n";
            connection.deadline().in(timeout);
            connection.write(ByteBuffer.wrap(header.getBytes(StandardCharsets.US_ASCII)));
        }
        return connection;
    }
}
