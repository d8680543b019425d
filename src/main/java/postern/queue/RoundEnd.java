package postern.queue;

import java.time.Instant;
import java.util.BitSet;

/// What follows once each open recipient of a message has been tried: notices, and the queue is told.
///
/// A recipient is finished only after the notice that is due for it is in the queue itself: when the power
/// goes between the two the recipient is tried again, and the sender may hear twice, but never nothing.
final class RoundEnd {
    private final Queue queue;
    private final Bounce bounce;
    private final Retry retry;
    private final DeliveryLog log;

    RoundEnd(Queue queue, Bounce bounce, Retry retry, DeliveryLog log) {
        this.queue = queue;
        this.bounce = bounce;
        this.retry = retry;
        this.log = log;
    }

    /// Whether [#notices] may have something to write.
    boolean hasNotices(ActiveMail mail, Instant now) {
        return !mail.places(Report.Action.FAILED).isEmpty()
                || retry.isExpired(mail.mail(), now)
                || (!mail.warned() && retry.isLate(mail.mail(), now));
    }

    /// Writes the notices that are due of failures and delays. Returns whether the sender has been told of the
    /// delay, now or before.
    boolean notices(ActiveMail mail, Instant now) {
        if (mail.order() == ActiveMail.Order.DELETE) {
            return mail.warned();
        }
        BitSet delayed = mail.places(Report.Action.DELAYED);
        BitSet failed = mail.places(Report.Action.FAILED);
        if (!delayed.isEmpty() && retry.isExpired(mail.mail(), now)) {
            log.expired(mail);
            mail.expire(delayed);
            failed.or(delayed);
            delayed.clear();
        }
        if (!failed.isEmpty() && bounce.failed(mail.mail(), mail.reports(failed))) {
            queue.done(mail.id(), failed);
            mail.close(failed);
        }
        if (mail.warned() || delayed.isEmpty() || !retry.isLate(mail.mail(), now)) {
            return mail.warned();
        }
        return bounce.delayed(mail.mail(), mail.reports(delayed), retry.givenUpAt(mail.mail()));
    }

    /// Gives the message back to the queue, or says that it is gone.
    ///
    /// @param warned what [#notices] returned
    /// @param order what an operator wanted while it was active
    void leave(ActiveMail mail, boolean warned, ActiveMail.Order order, Instant now) {
        if (order == ActiveMail.Order.DELETE) {
            return;
        }
        if (mail.open().isEmpty()) {
            log.removed(mail);
            return;
        }
        Instant due = retry.next(mail.mail().arrival(), now);
        queue.later(mail.id(), new Queue.Later(due, mail.tries() + 1, mail.nextHopHash(), warned, mail.reasons()));
        if (order == ActiveMail.Order.HOLD) {
            queue.hold(mail.id());
        }
    }
}
