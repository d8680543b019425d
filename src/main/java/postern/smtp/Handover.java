package postern.smtp;

import java.nio.ByteBuffer;
import java.util.function.Supplier;

/// One message on its way in. Called in order: [#rcpt(Recipient)] for each recipient, [#write(ByteBuffer)]
/// for its pieces, then [#commit()]; or [#abort()] at any point. Confined to the session's thread; may block.
public interface Handover {
    /// What the log calls this message: the queue id.
    String id();

    /// Offers one recipient; the reply is what the client gets. A refused recipient is not part of the
    /// message.
    Reply rcpt(Recipient recipient);

    /// The same, begun: who offers several at once hears of none later because another's next hop is slow. They
    /// are offered in the client's order, and their answers taken in that order, before anything else is done.
    ///
    /// @return waits for the answer
    default Supplier<Reply> ask(Recipient recipient) {
        Reply reply = rcpt(recipient);
        return () -> reply;
    }

    /// What policy wants done with the message. May come at any time before [#commit()].
    void direct(Directive directive);

    /// The next piece of the message, canonical: lines end with CR LF, dots are not stuffed. The buffer has
    /// an accessible array and belongs to the caller again on return.
    ///
    /// @throws Reply.Refused when the message cannot be taken any further; the session reads on to the end of
    ///     data, then answers with it. [#abort()] is still called.
    void write(ByteBuffer piece);

    /// The message is complete. Returns 250 only when a power cut can no longer lose it: forced to disk here,
    /// or accepted by the next hop. After a reply that is not positive nothing of it is left here.
    Answer commit();

    /// Drops what came so far. May be called again, which does nothing.
    void abort();
}
