package postern;

import java.net.InetAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import postern.config.MainCf;
import postern.config.MasterService;
import postern.lookup.Lookup;
import postern.net.Connection;
import postern.net.Endpoint;
import postern.net.Listener;
import postern.policy.HostList;
import postern.smtp.server.SmtpServer;

/// A listener of master.cf: where it listens, how many it serves at a time, and who serves them.
final class PublicService implements Listener.Session {
    private final MasterService line;
    private final List<? extends SocketAddress> addresses;
    private final int most;
    private final AtomicInteger open = new AtomicInteger();
    private final HostList own;
    private final SmtpServer smtp;

    /// @param seen the configuration with the line's own settings
    /// @param own clients that are served when strangers hold all other connections: `mynetworks`
    /// @param smtp makes the server; is told whether connections run out
    PublicService(MainCf seen, MasterService line, HostList own, Function<BooleanSupplier, SmtpServer> smtp) {
        this.line = line;
        this.addresses = Listening.addresses(seen, line);
        this.most = line.processLimit(seen);
        this.own = own;
        // strangers never hold the last tenth
        this.smtp = smtp.apply(() -> open.get() > most - most / 5);
    }

    String name() {
        return line.name();
    }

    List<? extends SocketAddress> addresses() {
        return addresses;
    }

    int most() {
        return most;
    }

    @Override
    public void serve(Connection connection) {
        open.incrementAndGet();
        try {
            smtp.serve(connection);
        } finally {
            open.decrementAndGet();
        }
    }

    /// A table among `mynetworks` that cannot be asked prefers nobody; who may relay is decided elsewhere.
    @Override
    public boolean prefers(Endpoint peer) {
        InetAddress address = peer.address();
        return address != null && own.match("unknown", address) instanceof Lookup.Found;
    }

    void stopping() {
        smtp.stopping();
    }
}
