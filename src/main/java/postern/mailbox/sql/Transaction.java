package postern.mailbox.sql;

import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.jdbi.v3.core.Handle;

/// What the changes of one commit share.
///
/// @param now whole seconds since 1970
/// @param tools of the committer
/// @param changed the mailboxes whose watchers are told afterwards
/// @param gone bytes of the messages that were removed
/// @param fresh bytes of short texts that came
record Transaction(long now, Tools tools, Set<Long> changed, LongAdder gone, LongAdder fresh) {
    /// What outlives a transaction.
    ///
    /// @param statements of every delivery
    /// @param counters give new ids
    /// @param rows of mailboxes
    record Tools(Handle handle, Prepared statements, Counters counters, MailboxRows rows) {
        static Tools of(Handle handle) {
            Prepared statements = new Prepared(handle);
            return new Tools(handle, statements, new Counters(handle), new MailboxRows(handle, statements));
        }
    }

    Transaction(Instant now, Tools tools) {
        this(now.getEpochSecond(), tools, new LinkedHashSet<>(), new LongAdder(), new LongAdder());
    }

    Handle handle() {
        return tools.handle();
    }

    Counters counters() {
        return tools.counters();
    }

    MailboxRows rows() {
        return tools.rows();
    }

    /// See [Prepared#update].
    int update(String sql, Object... values) {
        return tools.statements().update(sql, values);
    }
}
