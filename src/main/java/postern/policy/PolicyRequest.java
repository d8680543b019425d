package postern.policy;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.address.Path;
import postern.net.TlsFacts;

/// What policy may know of a session. What a stage has not reached yet is null or empty.
public interface PolicyRequest {
    /// The true client: after PROXY and XCLIENT. Null for a unix socket.
    @Nullable
    InetAddress clientAddress();

    int clientPort();

    /// The verified name, or `unknown`.
    String clientName();

    /// The unverified PTR name, or `unknown`.
    String reverseClientName();

    /// `name[address]`, as replies and the log have it; with `:port` where `smtpd_client_port_logging` wants it.
    String clientLabel();

    /// Whether looking the name up failed for now: `reject_unknown_client_hostname` then answers 450.
    boolean clientNameTempFail();

    InetAddress serverAddress();

    int serverPort();

    /// HELO or EHLO argument; empty before it.
    String helo();

    /// `SMTP` or `ESMTP`.
    String protocol();

    /// Null before MAIL.
    @Nullable
    Path sender();

    /// At RCPT and VRFY; at DATA and end of data when the message has exactly one, else null.
    @Nullable
    Address recipient();

    /// Recipients accepted so far.
    int recipientCount();

    /// What SIZE declared, or at end of data what arrived; 0 when unknown.
    long size();

    /// Authenticated login, empty when none.
    String login();

    /// The account that the login stands for: itself, or the one that it is another name of; empty when none.
    default String account() {
        return login();
    }

    String loginMethod();

    @Nullable
    TlsFacts tls();

    /// The queue id, empty before there is one.
    String queueId();

    /// One value for all requests of one message (SMTPD_POLICY_README `instance`).
    String instance();

    /// Whether the client sent commands ahead that it had no right to (`reject_unauth_pipelining`).
    boolean unauthorizedPipelining();

    /// Whether this message carries SMTPUTF8.
    boolean smtpUtf8();
}
