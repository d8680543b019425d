package postern.queue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import postern.config.MainCf;
import postern.config.Parameter;
import postern.log.MailLog;
import postern.smtp.Fates;
import postern.smtp.HandoverId;
import postern.smtp.Reply;

/// The queue as one log (see the package's page). One process at a time has it open: a server, or a command
/// against a stopped one. After [#close()] nothing is recorded any more.
public final class LogQueue implements Queue {
    public static final Parameter<String> QUEUE_DIRECTORY = Parameter.text("queue_directory", "/var/spool/postfix")
            .doc("Where the queue lies: in the directory `postern` below this one.");
    public static final Parameter<Long> QUEUE_MINFREE = Parameter.size("queue_minfree", "0")
            .doc("Bytes that must be free for a message to be taken, above what the queue itself keeps free.");
    public static final List<Parameter<?>> PARAMETERS =
            List.of(QUEUE_DIRECTORY, QUEUE_MINFREE, TakenIds.POSTERN_HANDOVER_LIFETIME);

    /// A record of finished recipients that would be longer than this leaves the others' reasons out.
    private static final int REASONS_MOST = 4096;

    private static final int STATE_MOST = LogRecord.MOST / 4;
    /// Room for the DONE records of a message that lies in several segments.
    private static final int DONES = 1024;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Disk disk;
    private final InstantSource clock;
    private final MailLog log;
    private final Space space;
    private final Spares spares;
    private final Arrival.Door door;
    private final LogReader reader;
    private final Compaction compaction;
    private final AtomicLong lastId = new AtomicLong();
    private final AtomicBoolean shortOfSpace = new AtomicBoolean();

    /// Takes the queue of this configuration and starts its threads.
    ///
    /// @param background runs what takes long, on platform threads
    /// @throws IOException when it cannot be read or written, or another process has it
    public static LogQueue open(MainCf cf, InstantSource clock, MailLog log, Executor background) throws IOException {
        Path directory = cf.file(cf.get(QUEUE_DIRECTORY)).resolve("postern");
        QueueLimits limits = QueueLimits.standard(cf.get(QUEUE_MINFREE), TakenIds.Limits.of(cf));
        return open(directory, limits, clock, log, background);
    }

    static LogQueue open(Path directory, QueueLimits limits, InstantSource clock, MailLog log, Executor background)
            throws IOException {
        Disk disk = FileDisk.take(directory);
        try {
            LogQueue queue = new LogQueue(disk, limits, clock, log);
            queue.recover();
            queue.start(background);
            return queue;
        } catch (IOException | RuntimeException e) {
            disk.close();
            throw e;
        }
    }

    LogQueue(Disk disk, QueueLimits limits, InstantSource clock, MailLog log) {
        this.disk = disk;
        this.clock = clock;
        this.log = log;
        this.spares = new Spares(disk, clock, limits.age());
        this.space = new Space(disk, limits, clock, spares);
        Object lock = new Object();
        Catalog catalog = new Catalog();
        LogTail tail = new LogTail(disk, limits, clock, catalog.segments());
        Handovers handovers = new Handovers(disk, limits.ids(), clock, log);
        Flusher.Opening opening = new Flusher.Opening(disk, limits, space, spares, clock, lastId::get, handovers);
        Flusher flusher = new Flusher(lock, tail, catalog, opening, log);
        this.door = new Arrival.Door(lock, tail, flusher, catalog, new Arrival.Gatherers(), handovers);
        this.reader = new LogReader(lock, catalog, tail);
        this.compaction = new Compaction(door, opening, reader, log);
    }

    /// Reads what is there. Without [#start] whoever waits does the writing.
    void recover() throws IOException {
        spares.recover();
        space.open(disk.list().stream().anyMatch(Space::isReserve));
        space.restore();
        int covered = door.handovers().taken().recover();
        Recovery recovery = new Recovery(disk, door.catalog(), reader, clock, log);
        recovery.run(covered);
        recovery.handovers().forEach(door.handovers()::recovered);
        lastId.set(recovery.lastId());
        synchronized (door.lock()) {
            for (Recovery.Moved moved : recovery.moved()) {
                done(moved.id(), moved.segment());
            }
        }
        door.flusher().barrier();
    }

    void start(Executor background) {
        AtomicBoolean emptying = new AtomicBoolean();
        Runnable run = () -> {
            try {
                compaction.run();
            } finally {
                emptying.set(false);
            }
        };
        door.flusher().start(() -> {
            Duration patience = chores();
            if (compaction.isWanted() && emptying.compareAndSet(false, true)) {
                try {
                    background.execute(run);
                } catch (RejectedExecutionException e) {
                    emptying.set(false);
                }
            }
            return patience;
        });
    }

    /// What is to be done now and then; returns how long it can wait.
    Duration chores() {
        door.flusher().retire();
        space.restore();
        dropOldSpares();
        if (door.handovers().taken().isWanted()) {
            forceIds();
        }
        return space.isSpent() ? Duration.ofSeconds(1) : compaction.patience();
    }

    private void forceIds() {
        int covered;
        synchronized (door.lock()) {
            covered = door.catalog().segments().firstOpen();
        }
        try {
            door.handovers().taken().force(covered);
        } catch (IOException e) {
            log.warning("postern", "queue: ids of hand-overs cannot be written: " + e.getMessage());
        }
    }

    private void dropOldSpares() {
        try {
            spares.chores();
        } catch (IOException e) {
            log.warning("postern", "queue: a spare file cannot be deleted: " + e.getMessage());
        }
    }

    Compaction compaction() {
        return compaction;
    }

    LogTail tail() {
        return door.tail();
    }

    Flusher flusher() {
        return door.flusher();
    }

    @Override
    public Incoming incoming() {
        return arrival();
    }

    @Override
    public Incoming incoming(HandoverId handover) {
        door.handovers().begin(handover);
        try {
            return arrival(handover);
        } catch (Reply.Refused refused) {
            door.handovers().end(handover);
            throw refused;
        }
    }

    @Override
    public Fates fates() {
        return door.handovers();
    }

    Arrival arrival() {
        return arrival(null);
    }

    private Arrival arrival(@Nullable HandoverId handover) {
        Reply refusal = door.flusher().isStopping()
                ? Flusher.WRITE_ERROR
                : door.flusher().refusal();
        if (refusal == null && !admits()) {
            refusal = Flusher.NO_SPACE;
        }
        if (refusal != null) {
            throw new Reply.Refused(refusal);
        }
        Instant now = clock.instant();
        long micros = now.getEpochSecond() * 1_000_000 + now.getNano() / 1000;
        return new Arrival(new QueueId(lastId.updateAndGet(last -> Math.max(last + 1, micros))), handover, door);
    }

    /// Whether there is room for a message. When that changes, the log says so once: the client's 452 does not
    /// tell the administrator how much is missing.
    private boolean admits() {
        boolean admits = space.admits();
        if (shortOfSpace.compareAndSet(admits, !admits)) {
            if (admits) {
                log.info("postern", "queue: there is room again: messages are taken");
            } else {
                log.warning(
                        "postern", "queue: not enough free space: " + space.shortage() + "; messages are answered 452");
            }
        }
        return admits;
    }

    @Override
    public @Nullable Queued read(QueueId id) throws IOException {
        return reader.read(id);
    }

    @Override
    public Body body(QueueId id) throws IOException {
        return reader.body(id);
    }

    @Override
    public void done(QueueId id, BitSet recipients) {
        change(id, new Change(state -> state.withFinished(recipients), kept -> {}, false, REASONS_MOST));
    }

    @Override
    public void later(QueueId id, Later later) {
        long due = Arrival.seconds(later.due());
        Consumer<Kept> timing = kept -> {
            kept.due(due);
            kept.nextHopHash(later.nextHopHash());
        };
        change(id, new Change(state -> state.later(later, due), timing, true, STATE_MOST));
    }

    @Override
    public void park(QueueId id, Instant due) {
        synchronized (door.lock()) {
            Kept kept = door.catalog().find(id);
            if (kept != null && !kept.held()) {
                kept.due(Arrival.seconds(due));
                door.catalog().rest(kept);
            }
        }
    }

    @Override
    public void hold(QueueId id) {
        change(id, new Change(state -> state, kept -> kept.held(true), true, STATE_MOST));
    }

    @Override
    public void release(QueueId id) {
        synchronized (door.lock()) {
            Kept kept = door.catalog().find(id);
            if (kept == null || !kept.held()) {
                return;
            }
        }
        long now = clock.instant().getEpochSecond();
        Consumer<Kept> released = kept -> {
            kept.held(false);
            kept.due(now);
        };
        change(id, new Change(state -> state.withDue(now), released, true, STATE_MOST));
    }

    @Override
    public List<QueueId> due(Instant now, int most) {
        synchronized (door.lock()) {
            return door.catalog().due(now.getEpochSecond(), most);
        }
    }

    @Override
    public @Nullable Instant nextDue() {
        long next;
        synchronized (door.lock()) {
            next = door.catalog().waiting().nextDue();
        }
        return next < 0 ? null : Instant.ofEpochSecond(next);
    }

    @Override
    public void flush(int nextHopHash) {
        synchronized (door.lock()) {
            door.catalog().waiting().flush(nextHopHash, clock.instant().getEpochSecond());
        }
    }

    @Override
    public void forEach(Consumer<QueueId> visitor) {
        long[] ids;
        synchronized (door.lock()) {
            ids = door.catalog().ids();
        }
        for (long id : ids) {
            visitor.accept(new QueueId(id));
        }
    }

    @Override
    public Counts counts() {
        synchronized (door.lock()) {
            return door.catalog().counts();
        }
    }

    @Override
    public void close() {
        compaction.stop();
        door.flusher().stop();
        forceIds();
        door.handovers().taken().close();
        try {
            spares.clear();
        } catch (IOException e) {
            log.warning("postern", "queue: a spare file cannot be deleted: " + e.getMessage());
        }
        disk.close();
    }

    /// What happens to a message.
    ///
    /// @param state what has become of it then
    /// @param kept changes what the index says
    /// @param rests whether it is no longer active
    /// @param recordMost a longer record leaves the reasons out
    private record Change(UnaryOperator<State> state, Consumer<Kept> kept, boolean rests, int recordMost) {}

    private void change(QueueId id, Change change) {
        try {
            LogReader.Known known = reader.known(id);
            while (known != null && !change(id, change, known)) {
                known = reader.known(id);
            }
        } catch (IOException e) {
            log.warning("postern", "queue: " + id + " cannot be read: " + e);
        }
    }

    /// Returns false when something else happened to the message since it was read.
    private boolean change(QueueId id, Change change, LogReader.Known known) {
        State next = change.state().apply(known.facts().state());
        ByteBuffer payload = next.isFinished() ? NOTHING : payload(next, change.recordMost());
        synchronized (door.lock()) {
            if (!door.flusher().awaitRoom(LogRecord.HEADER + payload.remaining() + DONES)) {
                return true;
            }
            Kept kept = door.catalog().find(id);
            if (kept == null) {
                return true;
            }
            if (!Objects.equals(kept.state(), known.state()) || !kept.mail().equals(known.mail())) {
                return false;
            }
            if (next.isFinished()) {
                door.catalog().homes(kept).forEach(home -> done(id, home));
                door.catalog().gone(kept, known.facts().shares());
                return true;
            }
            change.kept().accept(kept);
            kept.facts(known.facts().with(next));
            RecordKind kind = kept.held() ? RecordKind.HOLD : RecordKind.LATER;
            LogRecord record = new LogRecord(kind, id, payload);
            Segment to = door.tail().segment();
            Row row = Row.state(kept.held(), id, to.end(), record.size(), next);
            door.catalog().stateWritten(kept, append(record, row), record.size());
            if (change.rests()) {
                door.catalog().rest(kept);
            }
        }
        return true;
    }

    private static ByteBuffer payload(State state, int most) {
        ByteBuffer payload = state.encode();
        return payload.remaining() > most ? state.withoutReasons().encode() : payload;
    }

    /// Records that a message is gone, whose MAIL record lies in this segment. Holding the lock.
    private void done(QueueId id, Segment home) {
        LogRecord record = LogRecord.done(id, home.name());
        Segment to = door.tail().segment();
        Kept.Place place = append(record, Row.done(id, to.end(), record.size(), home.name()));
        door.catalog().doneWritten(place, home);
    }

    private Kept.Place append(LogRecord record, Row row) {
        if (door.tail().ridingSince() == 0) {
            door.lock().notifyAll();
        }
        return door.tail().append(record, row);
    }
}
