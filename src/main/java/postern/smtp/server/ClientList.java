package postern.smtp.server;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/// A list of clients by name and network (`smtpd_authorized_xclient_hosts`), compiled by whoever knows tables.
@FunctionalInterface
public interface ClientList {
    ClientList NOBODY = (name, address) -> false;

    /// @param name the verified name, or `unknown`
    /// @param address null for a unix-domain socket
    boolean has(String name, @Nullable InetAddress address);
}
