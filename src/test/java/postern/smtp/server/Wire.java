package postern.smtp.server;

import java.io.IOException;
import postern.net.Endpoint;
import postern.net.TlsSettings;

/// What lies between clients and server in a test: memory, or TCP.
interface Wire extends AutoCloseable {
    /// The server's TLS.
    TlsSettings tls();

    /// A client connects.
    ///
    /// @param client who the server is to take it for
    /// @param local the address it came to
    ClientEnd connect(SmtpServer server, Endpoint client, Endpoint local) throws IOException;

    /// Time has passed.
    void tick();

    @Override
    void close();
}
