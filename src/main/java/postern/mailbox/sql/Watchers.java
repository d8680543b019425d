package postern.mailbox.sql;

import java.io.Closeable;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// Who is told when a mailbox changes.
final class Watchers {
    private record Watcher(Object id, Runnable changed) {}

    private final ConcurrentHashMap<Long, List<Watcher>> watchers = new ConcurrentHashMap<>();

    Closeable add(long mailbox, Runnable changed) {
        Watcher watcher = new Watcher(new Object(), changed);
        watchers.merge(
                mailbox,
                List.of(watcher),
                (before, more) -> Stream.concat(before.stream(), more.stream()).toList());
        return () -> watchers.computeIfPresent(mailbox, (id, before) -> {
            List<Watcher> rest =
                    before.stream().filter(other -> other.id() != watcher.id()).toList();
            return rest.isEmpty() ? null : rest;
        });
    }

    void tell(Set<Long> mailboxes) {
        for (long mailbox : mailboxes) {
            watchers.getOrDefault(mailbox, List.of())
                    .forEach(watcher -> watcher.changed().run());
        }
    }
}
