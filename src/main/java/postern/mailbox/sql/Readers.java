package postern.mailbox.sql;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// The threads that read, each with a connection of its own. What was committed before is seen.
final class Readers {
    /// Reads something.
    interface Query<T> {
        T read(Handle handle) throws IOException;
    }

    private record Asked<T>(Query<T> query, Pending<T> pending) {
        void answer(Handle handle) {
            try {
                // one moment for all that the query reads
                handle.begin();
                try {
                    pending.done(query.read(handle));
                } finally {
                    handle.rollback();
                }
            } catch (IOException | RuntimeException | Error e) {
                pending.failed(e);
            }
        }
    }

    private final ArrayDeque<Asked<?>> waiting = new ArrayDeque<>();
    private final List<Thread> threads = new ArrayList<>();
    private boolean closing;

    Readers(SqliteDatabase database, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            Handle handle = database.reader();
            threads.add(Thread.ofPlatform().name("mailbox-reader-" + i).daemon().start(() -> run(handle)));
        }
    }

    <T> T read(Query<T> query) throws IOException {
        Pending<T> pending = new Pending<>();
        synchronized (this) {
            if (closing) {
                throw new IOException("the mailbox store is closed");
            }
            waiting.add(new Asked<>(query, pending));
            notify();
        }
        return pending.await();
    }

    private void run(Handle handle) {
        try (handle) {
            Asked<?> next = take();
            while (next != null) {
                next.answer(handle);
                next = take();
            }
        }
    }

    private synchronized @Nullable Asked<?> take() {
        while (waiting.isEmpty() && !closing) {
            try {
                wait();
            } catch (InterruptedException e) {
                throw new IllegalStateException("nothing is interrupted here", e);
            }
        }
        return waiting.poll();
    }

    void close() {
        synchronized (this) {
            closing = true;
            notifyAll();
        }
        Threads.join(threads);
    }
}
