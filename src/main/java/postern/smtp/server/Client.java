package postern.smtp.server;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import postern.net.Endpoint;

/// The other side of a session: the connection's own, or whom a proxy (PROXY protocol, XCLIENT) speaks for.
///
/// @param address null for a unix-domain socket, and when a proxy does not know it
/// @param name the verified name, or `unknown`
/// @param reverseName the unverified name, or `unknown`
/// @param nameTempFail whether looking the name up failed for now
record Client(@Nullable InetAddress address, int port, String name, String reverseName, boolean nameTempFail) {
    static final String UNKNOWN = "unknown";

    static Client nameless(@Nullable InetAddress address, int port) {
        return new Client(address, port, UNKNOWN, UNKNOWN, false);
    }

    Client withName(String other, boolean tempFail) {
        return new Client(address, port, other, reverseName, tempFail);
    }

    Client withReverseName(String other) {
        return new Client(address, port, name, other, nameTempFail);
    }

    Client withPort(int other) {
        return new Client(address, other, name, reverseName, nameTempFail);
    }

    String addressText() {
        return address == null ? UNKNOWN : Endpoint.of(address, port).text();
    }

    /// `name[address]`, as the log has it.
    String label() {
        return name + "[" + addressText() + "]";
    }
}
