package postern.smtp.server;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.address.Path;
import postern.net.TlsFacts;
import postern.policy.PolicyRequest;
import postern.smtp.extension.SmtpUtf8;

/// One question to policy: a view of the session and, where there is one, of its transaction and a recipient.
/// Also what the log tells of a refusal.
final class SessionRequest implements PolicyRequest {
    private final SmtpSession session;
    private final Identity identity;
    private final @Nullable Transaction transaction;
    private final @Nullable Address recipient;
    private final long size;

    SessionRequest(
            SmtpSession session,
            Identity identity,
            @Nullable Transaction transaction,
            @Nullable Address recipient,
            long size) {
        this.session = session;
        this.identity = identity;
        this.transaction = transaction;
        this.recipient = recipient;
        this.size = size;
    }

    @Nullable
    Transaction transaction() {
        return transaction;
    }

    @Override
    public @Nullable InetAddress clientAddress() {
        return identity.client().address();
    }

    @Override
    public int clientPort() {
        return identity.client().port();
    }

    @Override
    public String clientName() {
        return identity.client().name();
    }

    @Override
    public String reverseClientName() {
        return identity.client().reverseName();
    }

    @Override
    public String clientLabel() {
        return session.label(identity.client());
    }

    @Override
    public boolean clientNameTempFail() {
        return identity.client().nameTempFail();
    }

    @Override
    public InetAddress serverAddress() {
        InetAddress address = session.local().address();
        return address == null ? InetAddress.getLoopbackAddress() : address;
    }

    @Override
    public int serverPort() {
        return session.local().port();
    }

    @Override
    public String helo() {
        return identity.helo();
    }

    @Override
    public String protocol() {
        return identity.protocol();
    }

    @Override
    public @Nullable Path sender() {
        return transaction == null ? null : transaction.sender();
    }

    @Override
    public @Nullable Address recipient() {
        return recipient;
    }

    @Override
    public int recipientCount() {
        return transaction == null ? 0 : transaction.recipients();
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public String login() {
        return identity.login();
    }

    @Override
    public String account() {
        return identity.account();
    }

    @Override
    public String loginMethod() {
        return identity.loginMethod();
    }

    @Override
    public @Nullable TlsFacts tls() {
        return session.tls();
    }

    @Override
    public String queueId() {
        return transaction == null ? "" : transaction.id();
    }

    @Override
    public String instance() {
        return transaction == null ? session.server().newInstance() : transaction.instance();
    }

    @Override
    public boolean unauthorizedPipelining() {
        return session.hasSpokenAhead();
    }

    @Override
    public boolean smtpUtf8() {
        return transaction != null && transaction.params().has(SmtpUtf8.SMTPUTF8);
    }

    /// ` from=<…> to=<…> proto=ESMTP helo=<…>`: what Postfix tells of a refusal, as far as it is known.
    String known() {
        StringBuilder text = new StringBuilder(100);
        Path sender = sender();
        if (sender != null) {
            text.append(" from=<")
                    .append(sender.address() == null ? "" : sender.address())
                    .append('>');
        }
        if (recipient != null) {
            text.append(" to=<").append(recipient).append('>');
        }
        text.append(" proto=").append(protocol());
        if (!helo().isEmpty()) {
            text.append(" helo=<").append(helo()).append('>');
        }
        if (!login().isEmpty()) {
            text.append(" sasl_username=<").append(login()).append('>');
        }
        return text.toString();
    }
}
