package postern.queue;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import postern.log.MailLog;
import postern.smtp.HandoverId;
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
    /// Behind a segment that was closed: those before it may be empty, and the next can be written over them.
    private static final long SOON = SECOND / 20;

    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Object lock;
    private final LogTail tail;
    private final Opening opening;
    private final MailLog log;
    private final Salvage salvage;
    private final Failures failures;
    private @Nullable SegmentFile file;
    private long unforcedSince;
    private volatile @Nullable Thread thread;
    private volatile boolean stopping;

    /// What it takes to make a segment's file.
    ///
    /// @param lastId the highest queue id given out
    /// @param handovers hears which messages last that came under ids
    record Opening(
            Disk disk,
            QueueLimits limits,
            Space space,
            Spares spares,
            InstantSource clock,
            LongSupplier lastId,
            Handovers handovers) {}

    Flusher(Object lock, LogTail tail, Catalog catalog, Opening opening, MailLog log) {
        this.lock = lock;
        this.tail = tail;
        this.opening = opening;
        this.log = log;
        this.salvage = new Salvage(tail, catalog);
        this.failures = new Failures(opening.clock());
    }

    /// Starts the thread.
    ///
    /// @param chores run when a segment has ended, or when something was written, then at most once a
    ///     second, and when the time is up that they said they could wait
    void start(Supplier<Duration> chores) {
        thread = Thread.ofPlatform().name("queue-flusher").daemon().start(() -> run(chores));
    }

    boolean isStopping() {
        return stopping;
    }

    /// What to answer while the disk fails; null when it does not, or when it is time to try again.
    @Nullable
    Reply refusal() {
        return failures.refusal();
    }

    /// Waits until a record of so many bytes can be appended, also while the disk fails: for records of what
    /// became of messages, without which nothing more should be delivered. Call it holding the lock, which is
    /// given up meanwhile.
    ///
    /// @return false when the queue closes
    boolean awaitRoom(int bytes) {
        while (!tail.hasRoom(bytes) && !stopping) {
            awaitRound();
        }
        return !stopping;
    }

    /// The same for what can be refused: who brings it does not wait for a disk that fails.
    ///
    /// @return false when the disk fails, or the queue closes
    boolean awaitRoomUnlessFailing(int bytes) {
        while (!tail.hasRoom(bytes) && !stopping && !failures.last()) {
            awaitRound();
        }
        return !stopping && tail.hasRoom(bytes) && refusal() == null;
    }

    private void awaitRound() {
        if (thread == null) {
            round(false);
        } else {
            waitOnLock(SECOND);
        }
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
        Ticket ticket = new Ticket(null, null);
        synchronized (lock) {
            if (stopping) {
                throw new IOException("the queue is closed");
            }
            if (refusal() != null) {
                throw new IOException("not forced: the disk fails");
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
                failures.passed();
                batch.tickets().forEach(this::committed);
                tail.settled(batch);
                lock.notifyAll();
            }
        }
        if (batch != null) {
            batch.tickets().forEach(ticket -> ticket.complete(null));
        }
        return batch != null;
    }

    private void committed(Ticket ticket) {
        HandoverId handover = ticket.handover();
        if (handover != null) {
            opening.handovers().committed(handover);
        }
    }

    /// Whatever ends this thread, nobody is left waiting for it.
    private void run(Supplier<Duration> chores) {
        try {
            rounds(chores);
            finish();
        } catch (RuntimeException | Error e) {
            log.warning("postern", "queue: nothing more is written: " + e);
            throw e;
        } finally {
            List<Ticket> left;
            synchronized (lock) {
                stopping = true;
                left = tail.giveUp();
                lock.notifyAll();
            }
            left.forEach(ticket -> ticket.complete(WRITE_ERROR));
        }
    }

    private void rounds(Supplier<Duration> chores) {
        long choresRan = System.nanoTime();
        long choresAt = choresRan;
        while (!stopping) {
            SegmentFile before = file;
            if (round(awaitWork(choresAt))) {
                choresAt = Math.min(choresAt, choresRan + (file == before ? SECOND : SOON));
            }
            if (System.nanoTime() - choresAt >= 0) {
                choresRan = System.nanoTime();
                choresAt = choresRan + Math.max(SECOND, patience(chores).toNanos());
            }
        }
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
                long pause = failures.pause().toNanos();
                long oldest = unforcedSince == 0 ? tail.ridingSince() : unforcedSince;
                long patience = oldest == 0 ? until - now : Math.min(until - now, oldest + SECOND - now);
                if (pause > 0) {
                    waitOnLock(pause);
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
        if (full) {
            opening.space().spend();
        }
        log.warning(
                "postern", "queue: " + (batch == null ? "log" : batch.segment().name()) + ": write error: " + why);
        boolean sound = failed == null || failed.isSound();
        if (failed != null) {
            failed.release();
        }
        boolean gone = batch != null && batch.isFirst() && salvage.unlink(batch.segment());
        Reply reply = full ? NO_SPACE : WRITE_ERROR;
        List<Ticket> refused;
        synchronized (lock) {
            failures.failed(reply);
            unforcedSince = 0;
            if (failed != null) {
                failed.segment().failed();
                failed.segment().trouble(sound ? Segment.Trouble.NONE : Segment.Trouble.SUSPECT);
            }
            refused = salvage.run(batch, gone || failed == null ? null : failed.segment());
            if (batch != null && gone) {
                salvage.forget(batch.segment());
            }
            lock.notifyAll();
        }
        refused.forEach(ticket -> ticket.complete(reply));
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
