package postern.smtp.server;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import postern.config.Parameter;
import postern.smtp.Handover;
import postern.smtp.Reply;

/// The text of a message on its way from the wire into the [Handover]. It counts, and holds to the limit.
/// After the first refusal, its own or the handover's, what follows is thrown away: the client still sends
/// it.
final class Content {
    static final Parameter<Long> MESSAGE_SIZE_LIMIT = Parameter.size("message_size_limit", "10240000")
            .doc("Bytes that a message may have, line ends and all; 0 means no limit.");

    static final Reply TOO_BIG = Reply.of("552 5.3.4 Error: message file too big");

    private final @Nullable Handover handover;
    private final long limit;
    private long size;
    private @Nullable Reply refusal;

    /// @param handover null when everything is to be thrown away
    /// @param limit 0 for none
    Content(@Nullable Handover handover, long limit) {
        this.handover = handover;
        this.limit = limit;
    }

    void add(ByteBuffer piece) {
        size += piece.remaining();
        if (refusal != null || handover == null) {
            return;
        }
        if (limit > 0 && size > limit) {
            refuse(TOO_BIG);
            return;
        }
        try {
            handover.write(piece);
        } catch (Reply.Refused e) {
            refuse(e.reply());
        }
    }

    /// Refuses it, unless it is refused already. Who takes the message is told at once: the client may go on
    /// for long.
    void refuse(Reply reply) {
        if (refusal == null) {
            refusal = reply;
            if (handover != null) {
                handover.abort();
            }
        }
    }

    /// Why it is not taken, or null.
    @Nullable
    Reply refusal() {
        return refusal;
    }

    long size() {
        return size;
    }

    /// Whether so many bytes more would be too many.
    boolean overflowsWith(long more) {
        return limit > 0 && more > limit - size;
    }
}
