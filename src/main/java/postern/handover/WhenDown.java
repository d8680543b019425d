package postern.handover;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Supplier;
import postern.cleanup.Outlet;
import postern.log.MailLog;
import postern.queue.QueueId;
import postern.smtp.Answer;
import postern.smtp.Envelope;
import postern.smtp.Recipient;
import postern.smtp.Reply;

/// `postern_next_hop_down = queue`: a message whose first recipient cannot be asked for, because his next hop
/// is away, goes into the queue with all its recipients, as Postfix would have it. Any other is handed over
/// at once, and whatever happens to it later: never turns to the queue. Confined to the session's thread.
///
/// Nor does a message for recipients of whom some may have it from the last time that it came: the queue would
/// bring it again, and only the next hop can tell.
public final class WhenDown implements Outlet {
    private static final Reply COME_AGAIN =
            Reply.of("451 4.4.1 Next hop is away and may have the message, try again later");

    /// Begins messages.
    ///
    /// @param through the way of a message whose next hop answers
    /// @param queue the way of the others
    public record Opener(PassThrough through, Outlet.Opener queue, MailLog log) implements Outlet.Opener {
        @Override
        public Outlet open(Envelope envelope) {
            return new WhenDown(this, envelope);
        }

        @Override
        public boolean keeps() {
            return false;
        }
    }

    private final Opener ways;
    private final Envelope envelope;
    private Outlet way;
    private boolean decided;

    private WhenDown(Opener ways, Envelope envelope) {
        this.ways = ways;
        this.envelope = envelope;
        this.way = ways.through().open(envelope);
    }

    @Override
    public QueueId id() {
        return way.id();
    }

    @Override
    public boolean keeps() {
        return way.keeps();
    }

    @Override
    public Reply rcpt(List<Recipient> recipients) {
        if (way.keeps() && ways.through().mayHave(envelope.sender(), recipients)) {
            return COME_AGAIN;
        }
        Reply reply = way.rcpt(recipients);
        if (!decided && Answers.isAway(reply)) {
            if (ways.through().mayHave(envelope.sender(), recipients)) {
                return COME_AGAIN;
            }
            Outlet queue = ways.queue().open(envelope);
            way.abort();
            ways.log()
                    .info(
                            "postern",
                            way.id() + ": next hop is away (" + reply + "): kept in the queue, in clear, as "
                                    + queue.id());
            way = queue;
            reply = way.rcpt(recipients);
        }
        decided |= reply.isPositive();
        return reply;
    }

    @Override
    public Supplier<Reply> ask(List<Recipient> recipients) {
        if (decided && !way.keeps()) {
            return way.ask(recipients);
        }
        Reply reply = rcpt(recipients);
        return () -> reply;
    }

    @Override
    public void received(ByteBuffer piece) {
        way.received(piece);
    }

    @Override
    public void write(ByteBuffer piece) {
        way.write(piece);
    }

    @Override
    public Answer commit(Complete message) {
        return way.commit(message);
    }

    @Override
    public void abort() {
        way.abort();
    }
}
