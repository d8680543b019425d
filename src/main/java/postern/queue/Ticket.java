package postern.queue;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import postern.smtp.HandoverId;
import postern.smtp.Reply;

/// Somebody who waits until what was appended before is forced.
final class Ticket {
    private final @Nullable QueueId id;
    private final @Nullable HandoverId handover;
    private final Thread waiting = Thread.currentThread();
    private volatile boolean done;
    private @Nullable Reply refusal;

    /// @param id of the message that is committed; null when only the force is waited for
    /// @param handover the id that it came under; null for none
    Ticket(@Nullable QueueId id, @Nullable HandoverId handover) {
        this.id = id;
        this.handover = handover;
    }

    @Nullable
    QueueId id() {
        return id;
    }

    @Nullable
    HandoverId handover() {
        return handover;
    }

    /// @param why null when all is well
    void complete(@Nullable Reply why) {
        refusal = why;
        done = true;
        LockSupport.unpark(waiting);
    }

    boolean isDone() {
        return done;
    }

    /// Parks until it is known.
    ///
    /// @throws Reply.Refused when it could not be forced
    void await() {
        while (!isDone()) {
            LockSupport.park(this);
        }
        if (refusal != null) {
            throw new Reply.Refused(refusal);
        }
    }
}
