package postern.queue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import postern.address.Domain;
import postern.log.MailLog;
import postern.smtp.Envelope;
import postern.smtp.Handover;
import postern.smtp.Intake;
import postern.smtp.Recipient;
import postern.smtp.Reply;
import postern.smtp.extension.XHandover;

/// What an operator can do to mail in the queue: postqueue(1), postsuper(1) and postcat(1) in one. Works on
/// the queue of a running server (with its scheduler) and on one that nobody serves.
///
/// Deliveries that are under way are never broken off: a message that is held or deleted while it is
/// delivered may still arrive where it was on its way to.
public final class Operator {
    private static final int PIECE = 16 * 1024;

    private final Queue queue;
    private final @Nullable Scheduler scheduler;
    private final @Nullable Intake intake;
    private final MailLog log;

    /// @param scheduler null when no server runs
    /// @param intake for [#requeue]; null when there is none: then a message is only tried again
    public Operator(Queue queue, @Nullable Scheduler scheduler, @Nullable Intake intake, MailLog log) {
        this.queue = queue;
        this.scheduler = scheduler;
        this.intake = intake;
        this.log = log;
    }

    /// Shows every message, in no order. One that ends meanwhile is left out.
    public void list(Consumer<Listing> visitor) throws IOException {
        for (long id : ids()) {
            Listing listing = show(new QueueId(id));
            if (listing != null) {
                visitor.accept(listing);
            }
        }
    }

    /// The ids of all messages as they are now: who goes through them holds nothing.
    public long[] ids() {
        LongStream.Builder ids = LongStream.builder();
        queue.forEach(id -> ids.add(id.value()));
        return ids.build().toArray();
    }

    /// One message; null when there is none of that name.
    public @Nullable Listing show(QueueId id) throws IOException {
        Queued queued = queue.read(id);
        return queued == null ? null : Listing.of(queued, scheduler != null && scheduler.isActive(id));
    }

    public Queue.Counts counts() {
        return queue.counts();
    }

    /// Where mail goes now; empty when no server runs.
    public List<DestinationState> destinations() {
        return scheduler == null ? List.of() : scheduler.destinations();
    }

    /// Tries waiting mail now.
    ///
    /// @param site a domain or next hop; empty: all mail
    public void flush(String site) {
        if (scheduler != null) {
            scheduler.flush(site);
            return;
        }
        for (long value : ids()) {
            QueueId id = new QueueId(value);
            try {
                Queued queued = queue.read(id);
                if (queued != null && isFor(queued, site)) {
                    makeDue(queued);
                }
            } catch (IOException e) {
                log.warning("postqueue", id + ": " + e.getMessage());
            }
        }
    }

    private static boolean isFor(Queued queued, String site) {
        Domain wanted = new Domain(site);
        return site.isEmpty()
                || queued.open().stream()
                        .anyMatch(place -> wanted.equals(
                                queued.mail().recipients().get(place).address().domain()));
    }

    /// Writes that a message is due, for a server that starts later.
    private void makeDue(Queued queued) {
        Mail mail = queued.mail();
        queue.later(mail.id(), new Queue.Later(mail.arrival(), queued.tries(), 0, queued.warned(), queued.reasons()));
    }

    /// Puts a message on hold. Returns false when there is none of that name, or it is held already.
    public boolean hold(QueueId id) throws IOException {
        Queued queued = queue.read(id);
        if (queued == null || queued.held()) {
            return false;
        }
        if (scheduler == null || scheduler.order(id, ActiveMail.Order.HOLD) == null) {
            queue.hold(id);
        }
        log.info("postsuper", id + ": placed on hold");
        return true;
    }

    /// Lets a held message go. Returns false when there is none of that name, or it is not held.
    public boolean release(QueueId id) throws IOException {
        Queued queued = queue.read(id);
        ActiveMail.Order before = scheduler == null ? null : scheduler.order(id, ActiveMail.Order.NONE);
        if (queued == null || (!queued.held() && before != ActiveMail.Order.HOLD)) {
            return false;
        }
        queue.release(id);
        wake();
        log.info("postsuper", id + ": released from hold");
        return true;
    }

    /// Deletes a message. Returns false when there is none of that name.
    public boolean delete(QueueId id) throws IOException {
        Queued queued = queue.read(id);
        if (queued == null) {
            return false;
        }
        drop(id, queued.open());
        log.info("postsuper", id + ": removed");
        return true;
    }

    private void drop(QueueId id, BitSet open) {
        if (scheduler != null) {
            scheduler.order(id, ActiveMail.Order.DELETE);
        }
        queue.done(id, open);
    }

    /// Lets a message come in again, under a new name, so that addresses are rewritten and headers checked
    /// anew; a held one is released. It goes to those who do not have it yet, keeps its time of arrival, and
    /// gets a Received field more, as with `postsuper -r`: requeued too often, it would count as mail in a loop.
    /// Returns false when there is none of that name.
    ///
    /// @throws IOException when it is not taken; the message is as it was
    public boolean requeue(QueueId id) throws IOException {
        Queued queued = queue.read(id);
        if (queued == null) {
            return false;
        }
        if (intake == null) {
            queue.release(id);
            makeDue(queued);
        } else {
            enterAgain(queued, intake);
            drop(id, queued.open());
        }
        log.info("postsuper", id + ": requeued");
        wake();
        return true;
    }

    private void enterAgain(Queued queued, Intake door) throws IOException {
        Mail mail = queued.mail();
        @Nullable Handover handover = null;
        Reply reply;
        try (Body text = queue.body(mail.id())) {
            handover = door.open(new Envelope(
                    mail.sender(),
                    mail.params().without(XHandover.ID),
                    mail.peer(),
                    mail.arrival(),
                    mail.id().toString()));
            reply = enter(queued, text, handover);
        } catch (Reply.Refused refused) {
            reply = refused.reply();
        }
        if (!reply.isPositive()) {
            if (handover != null) {
                handover.abort();
            }
            throw new IOException(mail.id() + ": not requeued: " + reply);
        }
    }

    private static Reply enter(Queued queued, Body text, Handover handover) throws IOException {
        for (int place = queued.open().nextSetBit(0);
                place >= 0;
                place = queued.open().nextSetBit(place + 1)) {
            Recipient recipient = queued.mail().recipients().get(place);
            Reply reply = handover.rcpt(recipient);
            if (!reply.isPositive()) {
                return reply;
            }
        }
        ByteBuffer piece = ByteBuffer.allocate(PIECE);
        while (text.read(piece) >= 0) {
            handover.write(piece.flip());
            piece.clear();
        }
        return handover.commit().forAll();
    }

    /// What is known of a message besides its text, line by line; null when there is none of that name.
    public @Nullable String envelope(QueueId id) throws IOException {
        Queued queued = queue.read(id);
        return queued == null ? null : EnvelopeText.of(queued);
    }

    /// The text of a message.
    public Body text(QueueId id) throws IOException {
        return queue.body(id);
    }

    /// Reads every message whole. Returns how many could be read.
    ///
    /// @param problems takes a line for each that could not
    public int check(Consumer<String> problems) {
        int good = 0;
        ByteBuffer piece = ByteBuffer.allocate(PIECE);
        for (long value : ids()) {
            QueueId id = new QueueId(value);
            try {
                if (queue.read(id) != null) {
                    readThrough(id, piece);
                    good++;
                }
            } catch (IOException e) {
                if (stillThere(id)) {
                    problems.accept(id + ": " + e.getMessage());
                }
            }
        }
        return good;
    }

    private void readThrough(QueueId id, ByteBuffer piece) throws IOException {
        try (Body text = queue.body(id)) {
            while (text.read(piece.clear()) >= 0) {
                // only to see that it can be read
            }
        }
    }

    private boolean stillThere(QueueId id) {
        try {
            return queue.read(id) != null;
        } catch (IOException e) {
            return true;
        }
    }

    private void wake() {
        if (scheduler != null) {
            scheduler.wake();
        }
    }
}
