package postern.net;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/// One end of a connection: an internet address and port, or (address null) a unix-domain socket by its path.
public record Endpoint(@Nullable InetAddress address, int port, String unixPath) {

    public static Endpoint of(InetSocketAddress socket) {
        return new Endpoint(socket.getAddress(), socket.getPort(), "");
    }

    public static Endpoint of(InetAddress address, int port) {
        return new Endpoint(address, port, "");
    }

    public static Endpoint unix(String path) {
        return new Endpoint(null, 0, path);
    }

    /// The address as Postfix writes it into logs and headers: without a scope, IPv6 in its short form;
    /// `unknown` for a unix socket.
    public String text() {
        return switch (address) {
            case null -> "unknown";
            case Inet4Address v4 -> v4.getHostAddress();
            case Inet6Address v6 -> Ip6.text(v6);
            default -> address.getHostAddress();
        };
    }

    @Override
    public String toString() {
        return address == null ? unixPath : "[" + text() + "]:" + port;
    }
}
