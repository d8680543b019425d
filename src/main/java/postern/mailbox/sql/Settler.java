package postern.mailbox.sql;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import postern.log.MailLog;
import postern.mailbox.body.Bodies;
import postern.mailbox.body.TextWriter;
import postern.mailbox.body.Waiting;

/// The thread that brings short texts from the database into segments, many with one force: when there are some
/// megabytes of them, and else some seconds after they came. It may stop anywhere: a text is in the database
/// until its place in a segment is committed.
final class Settler {
    private static final long ENOUGH = 8L << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int AT_ONCE = 128;

    private final Bodies bodies;
    private final Readers readers;
    private final Committer committer;
    private final MailLog log;
    private final Object one = new Object();
    private final Thread thread;
    /// Bytes that came since the last look; what an earlier process left is looked for at once.
    private long fresh = ENOUGH;
    private boolean closing;

    Settler(Bodies bodies, Readers readers, Committer committer, MailLog log) {
        this.bodies = bodies;
        this.readers = readers;
        this.committer = committer;
        this.log = log;
        this.thread = Thread.ofPlatform().name("mailbox-settler").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /// So many bytes have been committed.
    synchronized void came(long bytes) {
        if (bytes > 0 && (fresh == 0 || fresh < ENOUGH && fresh + bytes >= ENOUGH)) {
            notifyAll();
        }
        fresh += bytes;
    }

    private void run() {
        while (due()) {
            try {
                settle();
            } catch (IOException | RuntimeException e) {
                if (goesOn()) {
                    log.warning("postern", "mailbox store: short texts stay in the database: " + e.getMessage());
                }
            }
        }
    }

    private synchronized boolean due() {
        while (fresh == 0 && !closing) {
            pause(0);
        }
        long end = System.nanoTime() + PATIENCE.toNanos();
        long left = PATIENCE.toMillis();
        while (fresh < ENOUGH && !closing && left > 0) {
            pause(left);
            left = (end - System.nanoTime()) / 1_000_000;
        }
        fresh = 0;
        return !closing;
    }

    private synchronized void pause(long millis) {
        try {
            wait(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nothing is interrupted here", e);
        }
    }

    private synchronized boolean goesOn() {
        return !closing;
    }

    /// Brings all that are there into segments.
    void settle() throws IOException {
        synchronized (one) {
            settleAll();
        }
    }

    private void settleAll() throws IOException {
        long above = 0;
        List<FreshTexts.Fresh> some = next(above);
        while (!some.isEmpty() && goesOn()) {
            settle(some);
            above = some.getLast().id();
            some = next(above);
        }
    }

    private List<FreshTexts.Fresh> next(long above) throws IOException {
        return readers.read(handle -> FreshTexts.above(handle, above, AT_ONCE));
    }

    private void settle(List<FreshTexts.Fresh> some) throws IOException {
        List<TextWriter> copies = new ArrayList<>();
        try {
            List<CompletableFuture<Void>> forced = new ArrayList<>();
            for (FreshTexts.Fresh text : some) {
                TextWriter copy = bodies.begin();
                copies.add(copy);
                copy.write(ByteBuffer.wrap(text.text()));
                CompletableFuture<Void> done = new CompletableFuture<>();
                forced.add(done);
                copy.finish(new Forced(done));
            }
            CompletableFuture.allOf(forced.toArray(CompletableFuture[]::new)).join();
            committer.change(transaction -> {
                for (int i = 0; i < copies.size(); i++) {
                    FreshTexts.moved(
                            transaction, some.get(i).id(), copies.get(i).place());
                }
                return copies.size();
            });
        } catch (CompletionException e) {
            throw new IOException(
                    String.valueOf(e.getCause() == null ? e : e.getCause().getMessage()), e);
        } finally {
            copies.forEach(TextWriter::close);
        }
    }

    private record Forced(CompletableFuture<Void> done) implements Waiting {
        @Override
        public void forced() {
            done.complete(null);
        }

        @Override
        public void failed(IOException why) {
            done.completeExceptionally(why);
        }
    }

    /// Stops between two handfuls of texts, and returns when it has.
    void close() {
        synchronized (this) {
            closing = true;
            notifyAll();
        }
        Threads.join(List.of(thread));
    }
}
