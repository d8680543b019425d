package postern.transcript;

import java.io.IOException;
import postern.net.Endpoint;
import postern.net.Listener;
import postern.net.TlsSettings;

/// What lies between clients and server in a test: memory, or TCP.
public interface Wire extends AutoCloseable {
    /// The server's TLS.
    TlsSettings tls();

    /// A client connects.
    ///
    /// @param client who the server is to take it for
    /// @param local the address it came to
    ClientEnd connect(Listener.Session server, Endpoint client, Endpoint local) throws IOException;

    /// Time has passed.
    void tick();

    @Override
    void close();
}
