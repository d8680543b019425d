package postern.mailbox.sql;

import java.io.Closeable;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import postern.log.MailLog;

/// Who is told when a mailbox changes: each on a thread of its own, so that one who is slow or fails keeps nobody
/// else waiting.
final class Watchers {
    private final ConcurrentHashMap<Long, List<Watcher>> watchers = new ConcurrentHashMap<>();
    private final MailLog log;

    Watchers(MailLog log) {
        this.log = log;
    }

    private final class Watcher {
        private final Runnable changed;
        /// Changes that it has not been told of.
        private final AtomicInteger untold = new AtomicInteger();

        Watcher(Runnable changed) {
            this.changed = changed;
        }

        void tell() {
            if (untold.getAndIncrement() == 0) {
                Thread.ofVirtual().name("mailbox-watcher").start(this::run);
            }
        }

        private void run() {
            int seen;
            do {
                seen = untold.get();
                try {
                    changed.run();
                } catch (RuntimeException | Error e) {
                    log.warning("postern", "mailbox store: one who watches a mailbox has failed: " + e);
                }
            } while (untold.addAndGet(-seen) > 0);
        }
    }

    Closeable add(long mailbox, Runnable changed) {
        Watcher watcher = new Watcher(changed);
        watchers.merge(
                mailbox,
                List.of(watcher),
                (before, more) -> Stream.concat(before.stream(), more.stream()).toList());
        return () -> watchers.computeIfPresent(mailbox, (id, before) -> {
            List<Watcher> rest =
                    before.stream().filter(other -> other != watcher).toList();
            return rest.isEmpty() ? null : rest;
        });
    }

    void tell(Set<Long> mailboxes) {
        for (long mailbox : mailboxes) {
            watchers.getOrDefault(mailbox, List.of()).forEach(Watcher::tell);
        }
    }
}
