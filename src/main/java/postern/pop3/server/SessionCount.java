package postern.pop3.server;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How many sessions each network has, so that one which opens many and says nothing keeps nobody else out. A
/// network is an IPv4 address or the /64 of an IPv6 address; this machine has as many as it wants. Safe for use
/// from many threads.
final class SessionCount {
    private static final int PREFIX_BYTES = 8;

    private final int most;
    private final Map<String, Integer> open = new HashMap<>();

    /// @param most for each network; 0 for any number
    SessionCount(int most) {
        this.most = most;
    }

    /// @return false when there are as many as there may be; else [#leave] at its end
    synchronized boolean enter(@Nullable InetAddress client) {
        if (client == null || client.isLoopbackAddress()) {
            return true;
        }
        int sessions = open.merge(network(client), 1, Integer::sum);
        if (most == 0 || sessions <= most) {
            return true;
        }
        leave(client);
        return false;
    }

    synchronized void leave(@Nullable InetAddress client) {
        if (client != null && !client.isLoopbackAddress()) {
            open.computeIfPresent(network(client), (network, sessions) -> sessions == 1 ? null : sessions - 1);
        }
    }

    private static String network(InetAddress client) {
        return client instanceof Inet6Address
                ? HexFormat.of().formatHex(client.getAddress(), 0, PREFIX_BYTES)
                : client.getHostAddress();
    }
}
