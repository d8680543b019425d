package postern.mailbox.transfer;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import postern.mailbox.AccountName;
import postern.mailbox.MailboxName;

/// An account elsewhere. Used by one thread.
public interface ForeignAccount extends AutoCloseable {
    /// Whose mail it is to be here.
    AccountName name();

    /// What tells this kind of place from others where the same account may have mail: `maildir`.
    String kind();

    /// Its mailboxes. What cannot be one here is reported.
    List<ForeignMailbox> mailboxes(Report report) throws IOException;

    /// Names that its owner subscribes to.
    Set<MailboxName> subscriptions(Report report) throws IOException;

    /// Its Sieve scripts.
    Scripts scripts(Report report) throws IOException;

    @Override
    void close();
}
