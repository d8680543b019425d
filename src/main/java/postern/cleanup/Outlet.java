package postern.cleanup;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import postern.queue.Mail;
import postern.queue.QueueId;
import postern.smtp.Answer;
import postern.smtp.Envelope;
import postern.smtp.Fates;
import postern.smtp.Recipient;
import postern.smtp.Reply;

/// Where a message goes once its addresses and its header are as they are to be: into the queue, or
/// straight to the next hop. Called in the order of [postern.smtp.Handover], by the thread of the session.
public interface Outlet {
    /// Begins messages.
    @FunctionalInterface
    interface Opener {
        /// @param envelope with the sender as it goes on
        /// @throws Reply.Refused when nothing can be taken now
        Outlet open(Envelope envelope);

        /// Whether all messages are kept here for a while ([Outlet#keeps()]).
        default boolean keeps() {
            return true;
        }

        /// Whether recipients may have answers of their own after the text ([Answer#each()]).
        default boolean answersEach() {
            return !keeps();
        }

        /// Who knows what became of messages by their hand-over ids; null where none are committed here.
        default @Nullable Fates fates() {
            return null;
        }
    }

    /// A message whose text has been written.
    ///
    /// @param expanded aliases among the recipients whose sender wants to know that the mail went on
    /// @param hold whether it waits until it is released by hand
    record Complete(Mail mail, List<Recipient> expanded, boolean hold) {}

    /// What the log calls the message.
    QueueId id();

    /// Whether the message is kept here for a while. If not, it cannot be held, copied, redirected or filtered
    /// once its recipients have been answered for, and what a stranger wrote goes on as it is.
    default boolean keeps() {
        return true;
    }

    /// Offers what one RCPT of the client's has become: one recipient, or several; some may have been offered
    /// before, with another.
    ///
    /// @return the answer for all of them
    Reply rcpt(List<Recipient> recipients);

    /// The same, begun: see [postern.smtp.Handover#ask(Recipient)].
    ///
    /// @return waits for the answer; may be asked for it again
    default Supplier<Reply> ask(List<Recipient> recipients) {
        Reply reply = rcpt(recipients);
        return () -> reply;
    }

    /// The next bytes as the client sent them, before what becomes of them goes to [#write]: what the same
    /// message will be when it comes again. Not to be changed, nor kept.
    default void received(ByteBuffer piece) {}

    /// See [postern.smtp.Handover#write(ByteBuffer)].
    void write(ByteBuffer piece);

    /// The text is complete.
    ///
    /// @return 250 only when a power cut can no longer lose it; where answers differ, one for each [#rcpt] that
    ///     was positive
    /// @throws Reply.Refused when it cannot be taken; [#abort()] is still called
    Answer commit(Complete message);

    void abort();
}
