package postern.transcript;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import postern.net.Connection;
import postern.net.Deadlines;
import postern.net.Endpoint;
import postern.net.Listener;
import postern.net.SelfSigned;
import postern.net.ServerKeys;
import postern.net.ServerTls;
import postern.net.SocketListener;
import postern.net.TlsProtocols;
import postern.net.TlsSettings;

/// Real sockets on loopback, real TLS, and what is sent cut into small writes. Deadlines pass with the
/// virtual time.
public final class TcpWire implements Wire {
    private static final SelfSigned CERTIFICATE =
            SelfSigned.of(List.of("mail.example.com"), Instant.now().minusSeconds(3600), Duration.ofDays(30));

    private final VirtualTime time;
    private final Deadlines deadlines;
    private final TlsSettings tls;
    private final List<TcpClient> clients = new ArrayList<>();
    private final List<SocketListener> listeners = new ArrayList<>();

    public TcpWire(VirtualTime time) {
        this.time = time;
        this.deadlines = new Deadlines(time);
        ServerKeys keys = new ServerKeys(List.of(CERTIFICATE.identity()));
        this.tls = new ServerTls(() -> keys, TlsProtocols.ALL, null, Runnable::run);
    }

    @Override
    public TlsSettings tls() {
        return tls;
    }

    @Override
    public ClientEnd connect(Listener.Session server, Endpoint client, Endpoint local) throws IOException {
        BlockingQueue<CountedConnection> accepted = new LinkedBlockingQueue<>();
        SocketListener listener = new SocketListener(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        10,
                        deadlines,
                        connection -> serve(server, connection, client, local, accepted),
                        warning -> {})
                .start();
        listeners.add(listener);
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), listener.local().port());
        TcpClient end = new TcpClient(socket, take(accepted));
        clients.add(end);
        return end;
    }

    private void serve(
            Listener.Session server,
            Connection connection,
            Endpoint client,
            Endpoint local,
            BlockingQueue<CountedConnection> accepted) {
        try (CountedConnection counted = new CountedConnection(connection, time, client, local)) {
            accepted.add(counted);
            server.serve(counted);
        }
    }

    private static CountedConnection take(BlockingQueue<CountedConnection> accepted) {
        try {
            CountedConnection connection = accepted.poll(20, TimeUnit.SECONDS);
            if (connection == null) {
                throw new AssertionError("nobody accepts");
            }
            return connection;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void tick() {
        deadlines.tick();
    }

    @Override
    public void close() {
        clients.forEach(TcpClient::hangUp);
        listeners.forEach(SocketListener::close);
    }
}
