package postern.queue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import postern.smtp.Fates;
import postern.smtp.HandoverId;
import postern.smtp.Reply;

/// Keeps messages so that no power cut loses one that [Incoming#commit] returned for. Safe for use from many
/// threads.
///
/// A message is *waiting* (the queue knows when it is due), *active* (handed out by [#due] or just committed:
/// whoever has it must end with [#done], [#later] or [#hold]), or *held*. After a restart all that are not
/// done or held wait.
public interface Queue extends AutoCloseable {
    /// Begins a message.
    ///
    /// @throws Reply.Refused (452 4.3.1) when the disk has no room but the reserve, or (451 4.3.0) cannot be
    ///     written
    Incoming incoming();

    /// Begins a message that comes under a hand-over id, which its mail's parameters have too: from now on it is
    /// under way, and [#fates()] knows what becomes of it.
    ///
    /// @throws Reply.Refused as [#incoming()], and (451 4.5.0) when the id was used before
    default Incoming incoming(HandoverId handover) {
        return incoming();
    }

    /// Who knows what became of messages by their hand-over ids; null where nobody does.
    default @Nullable Fates fates() {
        return null;
    }

    /// Everything known of a message, read from the log; null when it is gone.
    @Nullable
    Queued read(QueueId id) throws IOException;

    /// The text of a message. Several may be open at once.
    Body body(QueueId id) throws IOException;

    /// These recipients are finished (delivered, or their bounce is in the queue). When none is left the
    /// message is gone. Does not wait: forced within a second.
    void done(QueueId id, BitSet recipients);

    /// The message is no longer active and waits. Does not wait: forced within a second.
    void later(QueueId id, Later later);

    /// The same as [#later] for a message that was not tried: nothing is written.
    void park(QueueId id, Instant due);

    /// The message waits for [#release]. Does not wait.
    void hold(QueueId id);

    /// A held message waits again, due now.
    void release(QueueId id);

    /// Takes up to `most` waiting messages that are due, the longest overdue first; they are active from then
    /// on.
    List<QueueId> due(Instant now, int most);

    /// When the next waiting message is due; null when none waits.
    @Nullable
    Instant nextDue();

    /// Makes waiting messages due now: all of them, or (hash not 0) those that wait for this next hop
    /// ([Later#nextHopHash]).
    void flush(int nextHopHash);

    /// Every message that is not gone, in no order.
    void forEach(Consumer<QueueId> visitor);

    Counts counts();

    /// Forces what rides along and releases the files.
    @Override
    void close();

    /// @param due when to try again
    /// @param nextHopHash of the next hop that it waits for; 0 when none in particular
    /// @param reasons by place in the recipients; empty where finished or not known
    record Later(Instant due, int tries, int nextHopHash, boolean warned, List<String> reasons) {}

    record Counts(int waiting, int active, int held) {}

    /// A message on its way in. Confined to one thread.
    interface Incoming {
        QueueId id();

        /// Appends a piece; the buffer belongs to the caller again on return. Waits when the disk is behind.
        ///
        /// @throws Reply.Refused as [Queue#incoming()]
        void write(ByteBuffer piece);

        /// Forces the message. When this returns it is active, in the caller's hands, and no power cut can
        /// lose it.
        ///
        /// @throws Reply.Refused (451 4.3.0, 452 4.3.1) when it could not be forced: it then does not exist
        void commit(Mail mail);

        void abort();
    }
}
