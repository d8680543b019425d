package postern.queue;

import java.io.IOException;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import postern.smtp.Reply;

/// The queue where no server has run yet: nothing is in it, and nothing can come. For commands that look at a
/// configuration or at a queue without making one.
public final class EmptyQueue implements Queue {
    @Override
    public Incoming incoming() {
        throw new Reply.Refused("451 4.3.0 Error: queue file write error");
    }

    @Override
    public @Nullable Queued read(QueueId id) {
        return null;
    }

    @Override
    public Body body(QueueId id) throws IOException {
        throw new IOException(id + ": no such message");
    }

    @Override
    public void done(QueueId id, BitSet recipients) {}

    @Override
    public void later(QueueId id, Later later) {}

    @Override
    public void park(QueueId id, Instant due) {}

    @Override
    public void hold(QueueId id) {}

    @Override
    public void release(QueueId id) {}

    @Override
    public List<QueueId> due(Instant now, int most) {
        return List.of();
    }

    @Override
    public @Nullable Instant nextDue() {
        return null;
    }

    @Override
    public void flush(int nextHopHash) {}

    @Override
    public void forEach(Consumer<QueueId> visitor) {}

    @Override
    public Counts counts() {
        return new Counts(0, 0, 0);
    }

    @Override
    public void close() {}
}
