package postern.bench;

import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// One thread over many sockets. The cheapest way to have many connections: one look at the kernel answers
/// for all of them.
final class EventLoop implements AutoCloseable {
    /// What is done when a socket can be read or written. Runs in the loop's thread; a failure ends the loop.
    @FunctionalInterface
    interface Ready {
        void ready(SelectionKey key) throws IOException;
    }

    private final Selector selector;
    private final Thread thread;
    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    EventLoop(String name) throws IOException {
        this.selector = Selector.open();
        this.thread = Thread.ofPlatform().daemon().name(name).start(this::run);
    }

    /// Runs something in the loop's thread.
    void later(Runnable task) {
        tasks.add(task);
        selector.wakeup();
    }

    /// Watches a channel from now on. Only in the loop's thread.
    SelectionKey watch(SelectableChannel channel, int operations, Ready ready) throws IOException {
        channel.configureBlocking(false);
        return channel.register(selector, operations, ready);
    }

    /// Why the loop has ended by itself; null while it runs.
    @Nullable
    Exception failure() {
        return failure.get();
    }

    /// Ends the loop with this failure.
    void fail(Exception why) {
        failure.compareAndSet(null, why);
        closeQuietly();
    }

    @Override
    public void close() {
        closeQuietly();
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nothing here is ever interrupted", e);
        }
    }

    private void run() {
        try {
            while (selector.isOpen()) {
                selector.select(this::dispatch);
                for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                    task.run();
                }
            }
        } catch (ClosedSelectorException e) {
            // closed by close()
        } catch (IOException | RuntimeException e) {
            fail(e);
        }
    }

    private void dispatch(SelectionKey key) {
        try {
            ((Ready) key.attachment()).ready(key);
        } catch (IOException e) {
            fail(e);
        }
    }

    private void closeQuietly() {
        try {
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
            selector.close();
        } catch (IOException | RuntimeException e) {
            // It ends in any case.
        }
    }
}
