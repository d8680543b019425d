package postern.queue;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.log.MailLog;

/// Empties segments: what still lives in them is copied forward and forced, then they are unlinked. Runs on
/// the pool for work that takes long, one run at a time.
final class Compaction {
    private static final Duration RETRY = Duration.ofSeconds(30);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    private final Arrival.Door door;
    private final Flusher.Opening opening;
    private final LogReader reader;
    private final CompactionPlan plan;
    private final Buffers buffers;
    private final MailLog log;
    private volatile boolean stopping;
    private volatile @Nullable Pause pause;

    Compaction(Arrival.Door door, Flusher.Opening opening, LogReader reader, MailLog log) {
        this.door = door;
        this.opening = opening;
        this.reader = reader;
        this.log = log;
        QueueLimits limits = opening.limits();
        this.plan = new CompactionPlan(door.catalog(), limits, opening.space());
        this.buffers = new Buffers(limits.bufferBytes(), 2 + LogRecord.MOST / limits.bufferBytes());
    }

    /// Whether there is something to empty now.
    boolean isWanted() {
        return !stopping && !isResting() && !victims().isEmpty();
    }

    /// How long there will be nothing if nothing happens; short while there is something that must wait.
    Duration patience() {
        synchronized (door.lock()) {
            Instant now = opening.clock().instant();
            return plan.victims(now).isEmpty() ? plan.patience(now) : LOOK_AGAIN;
        }
    }

    /// Empties all that is to be emptied.
    synchronized void run() {
        while (!stopping && !isResting()) {
            List<Segment> victims = victims();
            if (victims.isEmpty()) {
                return;
            }
            empty(victims);
        }
    }

    /// Returns when nothing runs any more.
    void stop() {
        stopping = true;
        run();
    }

    private boolean isResting() {
        Pause last = pause;
        return last != null && !last.isOver() || door.flusher().refusal() != null;
    }

    private List<Segment> victims() {
        synchronized (door.lock()) {
            return plan.victims(opening.clock().instant());
        }
    }

    private void empty(List<Segment> victims) {
        try {
            forceIds();
            Set<Segment> unreadable = new Forward(victims, door, opening, reader, buffers).run();
            for (Segment victim : victims) {
                if (unreadable.contains(victim)) {
                    stays(victim);
                } else {
                    unlink(victim);
                }
            }
            pause = null;
        } catch (IOException | RuntimeException e) {
            pause = new Pause(opening.clock(), RETRY);
            if (Space.isFull(e)) {
                opening.space().spend();
            }
            log.warning("postern", "queue: " + victims.getFirst().name() + ": cannot be copied forward: " + e);
        }
    }

    /// Before the MAIL records go that hold them.
    private void forceIds() throws IOException {
        int covered;
        synchronized (door.lock()) {
            covered = door.catalog().segments().firstOpen();
        }
        door.handovers().taken().force(covered);
    }

    private void unlink(Segment victim) throws IOException {
        synchronized (door.lock()) {
            victim.trouble(Segment.Trouble.STALE);
        }
        boolean whole = victim.bytes() >= opening.limits().segmentBytes() / 2;
        String spare = whole ? opening.spares().wanted() : null;
        boolean kept = victim.source().unlink(spare);
        opening.disk().forceDirectory();
        if (spare != null && kept) {
            opening.spares().add(spare);
        }
        synchronized (door.lock()) {
            door.catalog().remove(victim);
        }
    }

    private void stays(Segment victim) {
        synchronized (door.lock()) {
            victim.trouble(Segment.Trouble.UNREADABLE);
        }
        log.warning("postern", "queue: " + victim.name() + ": parts cannot be read; the file stays");
    }
}
