package postern.queue;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import postern.log.MailLog;
import postern.smtp.Reply;

/// The log's one writer. A round takes all that waits, writes it, forces once if somebody waits for that, and
/// answers. There is no timer: while one round is at the disk the next batch gathers. What rides along is
/// forced with the next that is waited for, or after a second.
///
/// When a write or a force fails, the segment takes no more records. Whoever waits is refused; what rode
/// along is appended again, to a new segment.
///
/// Until [#start] is called there is no thread, and who waits runs the rounds.
final class Flusher {
    static final Reply NO_SPACE = Reply.of("452 4.3.1 Insufficient system storage");
    static final Reply WRITE_ERROR = Reply.of("451 4.3.0 Error: queue file write error");

    private static final long SECOND = 1_000_000_000L;
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Object lock;
    private final LogTail tail;
    private final Catalog catalog;
    private final Opening opening;
    private final MailLog log;
    private @Nullable SegmentFile file;
    private long unforcedSince;
    private volatile @Nullable Failure failure;
    private volatile @Nullable Thread thread;
    private volatile boolean stopping;

    /// What it takes to make a segment's file.
    ///
    /// @param lastId the highest queue id given out
    record Opening(
            Disk disk, QueueLimits limits, Space space, Spares spares, InstantSource clock, LongSupplier lastId) {}

    /// The last round failed.
    private record Failure(Reply reply, Pause pause) {}

    Flusher(Object lock, LogTail tail, Catalog catalog, Opening opening, MailLog log) {
        this.lock = lock;
        this.tail = tail;
        this.catalog = catalog;
        this.opening = opening;
        this.log = log;
    }

    /// Starts the thread.
    ///
    /// @param chores run when something was written, at most once a second, and when the time is up that they
    ///     said they could wait
    void start(Supplier<Duration> chores) {
        thread = Thread.ofPlatform().name("queue-flusher").daemon().start(() -> run(chores));
    }

    boolean isStopping() {
        return stopping;
    }

    /// What to answer while the disk fails; null when it does not, or when it is time to try again.
    @Nullable
    Reply refusal() {
        Failure last = failure;
        return last == null || last.pause().isOver() ? null : last.reply();
    }

    /// Waits until a record of so many bytes can be appended. Call it holding the lock, which is given up
    /// meanwhile.
    ///
    /// @return false when the queue closes
    boolean awaitRoom(int bytes) {
        while (!tail.hasRoom(bytes) && !stopping) {
            if (thread == null) {
                round(false);
            } else {
                waitOnLock(SECOND);
            }
        }
        return !stopping;
    }

    /// Waits for a ticket that was added.
    ///
    /// @throws Reply.Refused when it could not be forced
    void await(Ticket ticket) {
        while (thread == null && !ticket.isDone()) {
            round(true);
        }
        ticket.await();
    }

    /// Returns when all that was appended before is forced.
    void barrier() throws IOException {
        Ticket ticket = new Ticket(null);
        synchronized (lock) {
            if (stopping) {
                throw new IOException("the queue is closed");
            }
            if (tail.isIdle() && unforcedSince == 0) {
                return;
            }
            tail.add(ticket);
            lock.notifyAll();
        }
        try {
            await(ticket);
        } catch (Reply.Refused e) {
            throw new IOException("not forced: " + e.getMessage(), e);
        }
    }

    /// Forces what there is, closes the open segment and ends the thread.
    void stop() {
        synchronized (lock) {
            stopping = true;
            lock.notifyAll();
        }
        Thread running = thread;
        if (running == null) {
            finish();
        } else {
            join(running);
        }
    }

    /// Closes the open segment when it is old.
    void retire() {
        synchronized (lock) {
            if (!tail.isAged()) {
                return;
            }
            tail.retire();
        }
        try {
            closeFile();
        } catch (IOException e) {
            fail(null, e);
        }
    }

    /// Writes what waits; forces when somebody waits for it, or `force`. Returns whether there was anything.
    boolean round(boolean force) {
        Batch batch;
        long riding;
        synchronized (lock) {
            riding = tail.ridingSince();
            batch = tail.take();
        }
        boolean wanted = force || batch != null && !batch.tickets().isEmpty();
        try {
            if (batch != null) {
                write(batch);
            }
            if (wanted && file != null) {
                file.force();
            }
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            fail(batch, e);
            return true;
        }
        synchronized (lock) {
            unforcedSince = wanted ? 0 : unforcedSince == 0 ? riding : unforcedSince;
            if (batch != null) {
                failure = null;
                tail.settled(batch);
                lock.notifyAll();
            }
        }
        if (batch != null) {
            batch.tickets().forEach(ticket -> ticket.complete(null));
        }
        return batch != null;
    }

    private void run(Supplier<Duration> chores) {
        long choresRan = System.nanoTime();
        long choresAt = choresRan;
        while (!stopping) {
            if (round(awaitWork(choresAt))) {
                choresAt = Math.min(choresAt, choresRan + SECOND);
            }
            if (System.nanoTime() - choresAt >= 0) {
                choresRan = System.nanoTime();
                choresAt = choresRan + Math.max(SECOND, patience(chores).toNanos());
            }
        }
        finish();
    }

    /// Does the chores. Whatever goes wrong there, those who commit must be served.
    private Duration patience(Supplier<Duration> chores) {
        try {
            return chores.get();
        } catch (RuntimeException e) {
            log.warning("postern", "queue: chores failed: " + e);
            return RETRY;
        }
    }

    /// Waits for something to do, at most until `until`. Returns whether what rides along must be forced now.
    private boolean awaitWork(long until) {
        synchronized (lock) {
            while (!stopping) {
                long now = System.nanoTime();
                Failure last = failure;
                long oldest = unforcedSince == 0 ? tail.ridingSince() : unforcedSince;
                long patience = oldest == 0 ? until - now : Math.min(until - now, oldest + SECOND - now);
                if (last != null && !last.pause().isOver()) {
                    waitOnLock(last.pause().left().toNanos());
                } else if (tail.isWanted() || patience <= 0) {
                    return oldest != 0 && oldest + SECOND - now <= 0;
                } else {
                    waitOnLock(patience);
                }
            }
            return false;
        }
    }

    private void write(Batch batch) throws IOException {
        SegmentFile current = file;
        if (current == null || current.segment() != batch.segment()) {
            closeFile();
            current = SegmentFile.create(
                    batch.segment(),
                    opening.disk(),
                    opening.lastId().getAsLong(),
                    opening.limits().prefill(),
                    opening.spares().take());
            file = current;
        }
        if (batch.length() > 0) {
            current.write(batch.bytes(), batch.start(), batch.length());
        }
    }

    private void closeFile() throws IOException {
        SegmentFile old = file;
        if (old == null) {
            return;
        }
        Segment segment = old.segment();
        Rows rows;
        synchronized (lock) {
            rows = segment.rows();
        }
        if (rows != null) {
            old.close(segment.end(), rows);
        }
        file = null;
        synchronized (lock) {
            segment.closed(opening.clock().instant());
            unforcedSince = 0;
        }
    }

    private void finish() {
        synchronized (lock) {
            tail.retire();
        }
        if (round(true)) {
            round(true);
        }
        try {
            closeFile();
        } catch (IOException e) {
            log.warning("postern", "queue: the last segment could not be closed: " + e.getMessage());
        }
    }

    private void fail(@Nullable Batch batch, Throwable why) {
        boolean full = Space.isFull(why);
        SegmentFile failed = file;
        file = null;
        boolean sound = failed == null || failed.isSound();
        if (full) {
            opening.space().spend();
        }
        log.warning(
                "postern", "queue: " + (batch == null ? "log" : batch.segment().name()) + ": write error: " + why);
        Reply reply = full ? NO_SPACE : WRITE_ERROR;
        List<Ticket> refused = new ArrayList<>();
        synchronized (lock) {
            failure = new Failure(reply, new Pause(opening.clock(), RETRY));
            unforcedSince = 0;
            if (failed != null) {
                failed.segment().failed();
                failed.segment().trouble(sound ? Segment.Trouble.NONE : Segment.Trouble.SUSPECT);
            }
            Batch filling = tail.take();
            tail.retire();
            lose(batch, refused);
            lose(filling, refused);
            again(batch);
            again(filling);
            if (batch != null && failed != null && batch.segment() == failed.segment()) {
                batch.tickets().forEach(ticket -> takeBack(ticket, batch.segment()));
            }
            lock.notifyAll();
        }
        if (failed != null) {
            failed.release();
        }
        refused.forEach(ticket -> ticket.complete(reply));
    }

    private void lose(@Nullable Batch lost, List<Ticket> refused) {
        if (lost != null) {
            refused.addAll(lost.tickets());
            lost.segment().failed();
            lost.segment().cut(lost.start());
            tail.settled(lost);
        }
    }

    /// Appends what rode along in a lost batch to a new segment.
    private void again(@Nullable Batch lost) {
        if (lost == null) {
            return;
        }
        for (Batch.Riding riding : lost.states().values()) {
            Segment to = tail.segment();
            Row row = riding.row().at(to.end());
            Kept.Place place = tail.append(riding.record(), row);
            if (row.kind() == RecordKind.DONE.code()) {
                lost.segment().usage().doneMoved(row.mailSegment());
                to.usage().doneWritten(row.mailSegment());
                continue;
            }
            to.usage().stateWritten(row.size());
            Kept kept = catalog.find(row.queueId());
            if (kept != null && new Kept.Place(lost.segment(), riding.row().offset()).equals(kept.state())) {
                catalog.stateMoved(kept, place);
                catalog.store(kept);
            }
        }
    }

    /// The MAIL record of a message that is refused may be on the disk: it must not come to life at the next
    /// start.
    private void takeBack(Ticket ticket, Segment segment) {
        QueueId id = ticket.id();
        if (id != null) {
            LogRecord done = LogRecord.done(id, segment.name());
            Segment to = tail.segment();
            tail.append(done, Row.done(id, to.end(), done.size(), segment.name()));
            to.usage().doneWritten(segment.name());
        }
    }

    private void waitOnLock(long nanos) {
        try {
            lock.wait(Math.max(1, nanos / 1_000_000));
        } catch (InterruptedException e) {
            // nobody interrupts the queue's threads; whoever waits looks again
        }
    }

    private static void join(Thread running) {
        while (running.isAlive()) {
            try {
                running.join();
            } catch (InterruptedException e) {
                // the queue must be closed before we go
            }
        }
    }
}
