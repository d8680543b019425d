package postern.mailbox.sql;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import postern.log.MailLog;

/// The thread that commits: all changes that wait, in one transaction. When one of them fails, each is done again
/// in a transaction of its own, so that none spoils another.
final class Committer {
    /// Changes rows. May be done twice: the first time is undone then.
    interface Change<T> {
        T apply(Transaction transaction) throws IOException;
    }

    private static final int AT_ONCE = 1_000;

    private static final class Waiting<T> {
        private final Change<T> change;
        private final Pending<T> pending;
        private @Nullable T result;

        Waiting(Change<T> change, Pending<T> pending) {
            this.change = change;
            this.pending = pending;
        }

        void apply(Transaction transaction) throws IOException {
            result = Objects.requireNonNull(change.apply(transaction));
        }

        void done() {
            pending.done(Objects.requireNonNull(result));
        }
    }

    private final Handle handle;
    private final InstantSource clock;
    private final Consumer<Transaction> committed;
    private final Runnable atEnd;
    private final Transaction.Tools tools;
    private final MailLog log;
    private final Thread thread;
    private List<Waiting<?>> waiting = new ArrayList<>();
    private boolean closing;
    private @Nullable IOException ended;

    /// @param committed is told of each commit, before those who wait
    /// @param atEnd is run after the last commit, while the database is still open
    Committer(Handle handle, InstantSource clock, Consumer<Transaction> committed, Runnable atEnd, MailLog log) {
        this.log = log;
        this.handle = handle;
        this.clock = clock;
        this.committed = committed;
        this.atEnd = atEnd;
        this.tools = Transaction.Tools.of(handle);
        this.thread = Thread.ofPlatform().name("mailboxes").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /// Returns when the change is forced to disk.
    <T> T change(Change<T> change) throws IOException {
        Pending<T> pending = new Pending<>();
        add(change, pending);
        wake();
        return pending.await();
    }

    /// Lets a change wait for the next commit; [#wake] when there is no more to add.
    synchronized <T> void add(Change<T> change, Pending<T> pending) {
        if (closing) {
            pending.failed(new IOException("the mailbox store is closed"));
        } else if (ended != null) {
            pending.failed(new IOException(ended.getMessage(), ended));
        } else {
            waiting.add(new Waiting<>(change, pending));
        }
    }

    synchronized void wake() {
        notifyAll();
    }

    private void run() {
        List<Waiting<?>> batch = List.of();
        try (handle) {
            batch = take();
            while (!batch.isEmpty()) {
                commit(batch);
                batch = take();
            }
            atEnd.run();
        } finally {
            // empty, but for an error that ends this thread: nobody waits for ever
            IOException why = new IOException("the mailbox store has stopped");
            batch.forEach(one -> one.pending.failed(why));
            refuse(why);
        }
    }

    private synchronized void refuse(IOException why) {
        closing = true;
        waiting.forEach(one -> one.pending.failed(why));
    }

    /// Those that wait; none at the end.
    private synchronized List<Waiting<?>> take() {
        while (waiting.isEmpty() && !closing) {
            try {
                wait();
            } catch (InterruptedException e) {
                throw new IllegalStateException("nothing is interrupted here", e);
            }
        }
        if (waiting.size() <= AT_ONCE) {
            List<Waiting<?>> batch = waiting;
            waiting = new ArrayList<>();
            return batch;
        }
        List<Waiting<?>> some = waiting.subList(0, AT_ONCE);
        List<Waiting<?>> batch = List.copyOf(some);
        some.clear();
        return batch;
    }

    private void commit(List<Waiting<?>> batch) {
        Transaction transaction = new Transaction(clock.instant(), tools);
        try {
            handle.begin();
            for (Waiting<?> one : batch) {
                one.apply(transaction);
            }
            tools.rows().save();
            tools.counters().save(tools.statements());
            handle.commit();
        } catch (IOException | RuntimeException | Error e) {
            // an error too: a change runs what its caller gave it, and nobody else shall suffer for that
            undo();
            if (SqliteDatabase.isFinal(e)) {
                end(batch, e);
            } else if (batch.size() == 1) {
                batch.getFirst().pending.failed(e);
            } else {
                batch.forEach(one -> commit(List.of(one)));
            }
            return;
        }
        tools.counters().saved();
        tools.rows().committed();
        committed.accept(transaction);
        batch.forEach(Waiting::done);
    }

    /// Changes nothing any more. What is there is still read; what was committed is in the database, or in its log,
    /// which the next start brings there.
    private synchronized void end(List<Waiting<?>> batch, Throwable why) {
        IOException last = ended;
        if (last == null) {
            last = new IOException(
                    "the mailbox store takes no more changes until the server is started again: "
                            + SqliteDatabase.reason(why),
                    why);
            ended = last;
            log.warning("postern", "mailbox store: " + last.getMessage() + SqliteDatabase.remedy(why));
        }
        for (Waiting<?> one : batch) {
            one.pending.failed(last);
        }
        for (Waiting<?> one : waiting) {
            one.pending.failed(last);
        }
        waiting.clear();
    }

    private void undo() {
        tools.rows().forget();
        try {
            if (handle.isInTransaction()) {
                handle.rollback();
            }
        } catch (RuntimeException e) {
            // the database has undone it by itself
        }
    }

    /// Commits what waits and ends.
    void close() {
        synchronized (this) {
            closing = true;
            notifyAll();
        }
        Threads.join(List.of(thread));
    }
}
