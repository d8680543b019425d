package postern.sasl;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.net.TlsFacts;

/// Who may log in, and how: the server's side of SASL. Safe for use from many threads.
public interface Authenticator {
    /// Who wants to log in.
    ///
    /// @param address null for a unix-domain socket
    /// @param tls what its handshake agreed on; null in clear
    record Peer(@Nullable InetAddress address, @Nullable TlsFacts tls) {
        /// Whether a login can be bound to the connection (RFC 9266): under TLS 1.3.
        boolean bindsChannel() {
            return tls != null && tls.bindings().containsKey(TlsFacts.EXPORTER);
        }

        /// What a kind of channel binding gives; null when there is none of it.
        byte @Nullable [] binding(String kind) {
            return tls == null ? null : tls.bindings().get(kind);
        }
    }

    /// The mechanisms that some login of this client could succeed with, in the order to offer.
    List<String> mechanisms(Peer client);

    /// Begins an exchange; null when the mechanism is not offered.
    @Nullable
    Exchange begin(String mechanism, Peer client);

    /// One exchange, used by one thread.
    interface Exchange {
        /// Takes the client's next response, out of its base64. The first call gets the initial response, or
        /// null when the client sent none.
        Step next(byte @Nullable [] response);
    }

    /// What follows a response.
    sealed interface Step {
        /// Send this and wait for the next response.
        record Challenge(byte[] bytes) implements Step {}

        /// The client has proved to be this one. `bytes` is the last word of the server (RFC 4422 §3.6), or
        /// null.
        record Success(Login login, byte @Nullable [] bytes) implements Step {}

        /// No. `reason` is for the log only. Answer after `delay`: guessing is to be slow.
        ///
        /// @param temporary whether the users could not be asked: the client may come again (454 4.7.0)
        /// @param malformed whether the response was no valid base64 or broke the mechanism's grammar (501
        ///     5.5.2)
        record Failure(String reason, boolean temporary, boolean malformed, Duration delay) implements Step {}
    }
}
