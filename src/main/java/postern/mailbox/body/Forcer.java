package postern.mailbox.body;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The thread that forces texts: all that wait at once.
final class Forcer {
    private record Text(Segment segment, Waiting waiting) {}

    private final Runnable afterBatch;
    private final Thread thread;
    private List<Text> waiting = new ArrayList<>();
    private boolean closing;

    /// @param afterBatch run when all of a batch have been told
    Forcer(Runnable afterBatch) {
        this.afterBatch = afterBatch;
        this.thread = Thread.ofPlatform().name("texts").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    void add(Segment segment, Waiting who) {
        synchronized (this) {
            if (!closing) {
                waiting.add(new Text(segment, who));
                notifyAll();
                return;
            }
        }
        who.failed(new IOException("the store is closed"));
    }

    private void run() {
        List<Text> batch = take();
        while (batch != null) {
            Map<Segment, IOException> failed = new HashMap<>();
            batch.stream().map(Text::segment).distinct().forEach(segment -> {
                IOException why = segment.force();
                if (why != null) {
                    failed.put(segment, why);
                }
            });
            batch.forEach(text -> tell(text, failed.get(text.segment())));
            afterBatch.run();
            batch = take();
        }
    }

    private static void tell(Text text, @Nullable IOException why) {
        try {
            if (why == null) {
                text.waiting().forced();
            } else {
                text.waiting().failed(why);
            }
        } catch (RuntimeException | Error e) {
            // the others are told all the same
            text.waiting().failed(new IOException("the text is forced, but: " + e, e));
        }
    }

    /// All that wait; null at the end.
    private synchronized @Nullable List<Text> take() {
        while (waiting.isEmpty() && !closing) {
            await();
        }
        if (waiting.isEmpty()) {
            return null;
        }
        List<Text> batch = waiting;
        waiting = new ArrayList<>();
        return batch;
    }

    private void await() {
        try {
            wait();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nothing is interrupted here", e);
        }
    }

    /// Forces what waits and ends.
    void close() {
        synchronized (this) {
            closing = true;
            notifyAll();
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nothing is interrupted here", e);
        }
    }
}
