package postern.policy;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import postern.smtp.Reply;

/// Counts connections and rates per client, as Postfix's anvil does (`smtpd_client_connection_count_limit`
/// and its kin; `anvil_rate_time_unit`). Each question counts one event and returns the refusal when that is
/// one too many, else null.
public interface Anvil {
    /// [#disconnect(InetAddress)] follows once, whatever the answer.
    @Nullable
    Reply connect(InetAddress client);

    void disconnect(InetAddress client);

    @Nullable
    Reply mail(InetAddress client);

    @Nullable
    Reply rcpt(InetAddress client);

    @Nullable
    Reply newTls(InetAddress client);

    @Nullable
    Reply auth(InetAddress client);
}
