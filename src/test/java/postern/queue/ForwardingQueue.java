package postern.queue;

import java.io.IOException;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Another queue, as it is: tests change what they need.
class ForwardingQueue implements Queue {
    private final Queue behind;

    ForwardingQueue(Queue behind) {
        this.behind = behind;
    }

    @Override
    public Incoming incoming() {
        return behind.incoming();
    }

    @Override
    public @Nullable Queued read(QueueId id) throws IOException {
        return behind.read(id);
    }

    @Override
    public Body body(QueueId id) throws IOException {
        return behind.body(id);
    }

    @Override
    public void done(QueueId id, BitSet recipients) {
        behind.done(id, recipients);
    }

    @Override
    public void later(QueueId id, Later later) {
        behind.later(id, later);
    }

    @Override
    public void park(QueueId id, Instant due) {
        behind.park(id, due);
    }

    @Override
    public void hold(QueueId id) {
        behind.hold(id);
    }

    @Override
    public void release(QueueId id) {
        behind.release(id);
    }

    @Override
    public List<QueueId> due(Instant now, int most) {
        return behind.due(now, most);
    }

    @Override
    public @Nullable Instant nextDue() {
        return behind.nextDue();
    }

    @Override
    public void flush(int nextHopHash) {
        behind.flush(nextHopHash);
    }

    @Override
    public void forEach(Consumer<QueueId> visitor) {
        behind.forEach(visitor);
    }

    @Override
    public Counts counts() {
        return behind.counts();
    }

    @Override
    public void close() {
        behind.close();
    }
}
