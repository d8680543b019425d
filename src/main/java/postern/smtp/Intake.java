package postern.smtp;

import org.jspecify.annotations.Nullable;

/// The one seam behind a transaction: who takes the mail that a session accepts. `cleanup` puts it into the
/// queue, later `handover` asks the next hop, `mailbox.delivery` writes into mailboxes; bounces enter by the
/// same door. The role class chooses; the session knows none of them.
@FunctionalInterface
public interface Intake {
    /// Begins a message. Called at the first RCPT that local policy lets through, so that a session which
    /// never gets that far costs nothing.
    ///
    /// @throws Reply.Refused when nothing can be taken now (452 4.3.1 Insufficient system storage)
    Handover open(Envelope envelope);

    /// Whether text goes on while it comes, so that a slow client takes up more than its own connection.
    default boolean streams() {
        return false;
    }

    /// Whether recipients may have answers of their own after the text ([Answer#each()]).
    default boolean answersEach() {
        return false;
    }

    /// Who knows what became of messages by their hand-over ids; null where none are committed here.
    default @Nullable Fates fates() {
        return null;
    }
}
