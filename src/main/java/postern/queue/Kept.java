package postern.queue;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A message that is not gone: where it lies and when it is due. Active ones are these objects; waiting and
/// held ones are some 28 bytes in [WaitingIndex], which hands out copies. Guarded by the queue's lock.
final class Kept {
    /// Where a record begins.
    record Place(Segment segment, int offset) {}

    /// How many bytes of a message's text and MAIL record lie in a segment.
    record Share(Segment segment, int bytes) {}

    private final QueueId id;
    private long due;
    private int nextHopHash;
    private boolean held;
    private Place mail;
    private @Nullable Place state;
    private @Nullable Facts facts;

    Kept(QueueId id, long due, Place mail) {
        this.id = id;
        this.due = due;
        this.mail = mail;
    }

    QueueId id() {
        return id;
    }

    /// Seconds of the epoch.
    long due() {
        return due;
    }

    void due(long other) {
        due = other;
    }

    int nextHopHash() {
        return nextHopHash;
    }

    void nextHopHash(int other) {
        nextHopHash = other;
    }

    boolean held() {
        return held;
    }

    void held(boolean other) {
        held = other;
    }

    /// The MAIL record.
    Place mail() {
        return mail;
    }

    void mail(Place other) {
        mail = other;
        facts = null;
    }

    /// The LATER or HOLD record that counts; null when there is none yet.
    @Nullable
    Place state() {
        return state;
    }

    void state(@Nullable Place other) {
        state = other;
    }

    /// What was read of it, or is known since it arrived.
    @Nullable
    Facts facts() {
        return facts;
    }

    void facts(@Nullable Facts others) {
        facts = others;
    }

    /// @param text null when it is read again when wanted
    record Facts(State state, List<Share> shares, @Nullable Text text) {
        Facts with(State other) {
            return new Facts(other, shares, text);
        }
    }
}
