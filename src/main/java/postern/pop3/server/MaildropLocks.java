package postern.pop3.server;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import postern.mailbox.AccountName;

/// Which maildrops have a session: one each at a time (RFC 1939 §4). One for the process, whatever listeners
/// and configurations there are; safe for use from many threads.
public final class MaildropLocks {
    private final Set<AccountName> held = ConcurrentHashMap.newKeySet();

    /// @return false when another session has it
    boolean take(AccountName account) {
        return held.add(account);
    }

    void release(AccountName account) {
        held.remove(account);
    }
}
