package postern.queue;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import postern.smtp.Reply;

/// Somebody who waits until what was appended before is forced.
final class Ticket {
    private final @Nullable QueueId id;
    private final Thread waiting = Thread.currentThread();
    private volatile boolean done;
    private @Nullable Reply refusal;

    /// @param id of the message that is committed; null when only the force is waited for
    Ticket(@Nullable QueueId id) {
        this.id = id;
    }

    @Nullable
    QueueId id() {
        return id;
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
