package postern.cleanup;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import postern.queue.Mail;
import postern.queue.Queue;
import postern.queue.QueueId;
import postern.smtp.Answer;
import postern.smtp.Envelope;
import postern.smtp.Fates;
import postern.smtp.HandoverId;
import postern.smtp.Recipient;
import postern.smtp.Reply;
import postern.smtp.extension.XHandover;

/// The way into the queue: a message is taken when it is forced.
public final class QueueOutlet implements Outlet {
    private static final Reply OK = Reply.of("250 2.1.5 Ok");

    private final Behind behind;
    private final Queue.Incoming incoming;

    /// What lies behind.
    ///
    /// @param arrived who takes a message that has just been forced: the scheduler. May wait: that slows the
    ///     client down
    /// @param expanded who tells the sender that recipients were aliases ([postern.queue.Bounce#expanded])
    public record Behind(Queue queue, Consumer<Mail> arrived, BiConsumer<Mail, List<Recipient>> expanded) {
        /// Begins messages for this queue.
        public Outlet.Opener outlet() {
            return new Opening(this);
        }
    }

    private record Opening(Behind behind) implements Outlet.Opener {
        @Override
        public Outlet open(Envelope envelope) {
            HandoverId handover = envelope.params().get(XHandover.ID);
            Queue queue = behind.queue();
            return new QueueOutlet(behind, handover == null ? queue.incoming() : queue.incoming(handover));
        }

        @Override
        public @Nullable Fates fates() {
            return behind.queue().fates();
        }
    }

    private QueueOutlet(Behind behind, Queue.Incoming incoming) {
        this.behind = behind;
        this.incoming = incoming;
    }

    @Override
    public QueueId id() {
        return incoming.id();
    }

    @Override
    public Reply rcpt(List<Recipient> recipients) {
        return OK;
    }

    @Override
    public void write(ByteBuffer piece) {
        incoming.write(piece);
    }

    @Override
    public Answer commit(Complete message) {
        incoming.commit(message.mail());
        try {
            if (!message.expanded().isEmpty()) {
                behind.expanded().accept(message.mail(), message.expanded());
            }
        } finally {
            goesOn(message);
        }
        return new Answer(Reply.of("250 2.0.0 Ok: queued as " + id()));
    }

    private void goesOn(Complete message) {
        if (message.hold()) {
            behind.queue().hold(id());
        } else {
            behind.arrived().accept(message.mail());
        }
    }

    @Override
    public void abort() {
        incoming.abort();
    }
}
