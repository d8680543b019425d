package postern.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Connects from this host, to internet and unix-domain sockets.
public final class DirectDialer implements Dialer {
    private final Deadlines deadlines;

    public DirectDialer(Deadlines deadlines) {
        this.deadlines = deadlines;
    }

    @Override
    public Connection dial(Endpoint to, @Nullable Endpoint from, Duration timeout) throws IOException {
        SocketChannel channel =
                to.address() == null ? SocketChannel.open(StandardProtocolFamily.UNIX) : SocketChannel.open();
        try {
            if (from != null) {
                channel.bind(address(from));
            }
            connect(channel, address(to), timeout);
            return new SocketConnection(channel, deadlines);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private void connect(SocketChannel channel, SocketAddress to, Duration timeout) throws IOException {
        long at = deadlines.now() + timeout.toMillis();
        AtomicBoolean late = new AtomicBoolean();
        Deadlines.Watched watch = now -> {
            if (now >= at && late.compareAndSet(false, true)) {
                closeQuietly(channel);
            }
        };
        deadlines.watch(watch);
        try {
            channel.connect(to);
        } catch (IOException e) {
            throw late.get() ? new IOException("Connection timed out", e) : e;
        } finally {
            deadlines.forget(watch);
        }
        if (late.get()) {
            throw new IOException("Connection timed out");
        }
    }

    private static void closeQuietly(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // The waiting connect ends in any case.
        }
    }

    private static SocketAddress address(Endpoint endpoint) {
        return endpoint.address() == null
                ? UnixDomainSocketAddress.of(endpoint.unixPath())
                : new InetSocketAddress(endpoint.address(), endpoint.port());
    }
}
