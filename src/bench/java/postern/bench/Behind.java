package postern.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What stands behind the servers that hand over: the sink itself, or a server that forces every message to
/// disk before it answers, and brings it to the sink afterwards.
final class Behind implements AutoCloseable {
    private final InetSocketAddress address;
    private final @Nullable PosternPeer server;

    private Behind(InetSocketAddress address, @Nullable PosternPeer server) {
        this.address = address;
        this.server = server;
    }

    static Behind bare(CountingSink sink) {
        return new Behind(sink.address(), null);
    }

    /// Our own queue, in clear: smtpd_proxy_filter knows no TLS. It asks nobody for the names of clients, who
    /// connect again for each message where a peer does so.
    static Behind forced(Path directory, CountingSink sink) throws IOException {
        InetSocketAddress address = new InetSocketAddress("127.0.0.5", 2525);
        PosternPeer server = new PosternPeer(
                Files.createDirectory(directory),
                address,
                sink.address(),
                "the next hop",
                "postern_handover = queue\nmyhostname = hop.example.com\nsmtpd_tls_security_level = none\nsmtpd_peername_lookup = no\n");
        return new Behind(address, server);
    }

    InetSocketAddress address() {
        return address;
    }

    String description() {
        return server == null
                ? "the next hop is the bare sink"
                : "the next hop forces each message to disk (Postern's queue), then brings it to the sink";
    }

    double cpuSeconds() throws IOException {
        return server == null ? 0 : server.cpuSeconds();
    }

    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
    }
}
