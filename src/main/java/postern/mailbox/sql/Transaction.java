package postern.mailbox.sql;

import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.jdbi.v3.core.Handle;

/// What the changes of one commit share.
///
/// @param now whole seconds since 1970
/// @param counters give new ids
/// @param changed the mailboxes whose watchers are told afterwards
/// @param gone bytes of the messages that were removed
record Transaction(Handle handle, long now, Counters counters, Set<Long> changed, LongAdder gone) {
    Transaction(Handle handle, Instant now, Counters counters) {
        this(handle, now.getEpochSecond(), counters, new LinkedHashSet<>(), new LongAdder());
    }
}
