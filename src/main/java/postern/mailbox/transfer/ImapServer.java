package postern.mailbox.transfer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import postern.net.Connection;
import postern.net.Dialer;
import postern.net.Endpoint;
import postern.net.TlsSettings;

/// An IMAP server to take mail from.
///
/// @param tls null for a connection in clear
/// @param startTls whether TLS begins only when it is asked for (port 143), and not at once (port 993)
public record ImapServer(String host, int port, @Nullable TlsSettings tls, boolean startTls, Dialer dialer) {
    private static final Duration CONNECT = Duration.ofSeconds(30);

    /// Who logs in.
    ///
    /// @param user whose mail it is
    /// @param master who may log in as others; empty for the user himself
    public record Login(String user, String master, String password) {}

    /// Connects and logs in.
    ///
    /// @throws IOException also when the login is refused
    ImapDialog open(Login login) throws IOException {
        Connection connection = connect();
        try {
            if (tls != null && !startTls) {
                connection.startTls(tls);
            }
            ImapDialog dialog = new ImapDialog(connection);
            dialog.begin(tls != null && startTls ? tls : null);
            dialog.login(login);
            return dialog;
        } catch (IOException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /// To the first of its addresses that answers.
    private Connection connect() throws IOException {
        IOException failure = new UnknownHostException(host);
        for (InetAddress address : InetAddress.getAllByName(host)) {
            try {
                return dialer.dial(Endpoint.of(address, port), null, CONNECT);
            } catch (IOException e) {
                failure = new IOException(host + ":" + port + ": " + e.getMessage(), e);
            }
        }
        throw failure;
    }
}
