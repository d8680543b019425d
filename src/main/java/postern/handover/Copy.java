package postern.handover;

import org.jspecify.annotations.Nullable;
import postern.smtp.HandoverId;
import postern.smtp.Recipient;
import postern.smtp.Reply;

/// One recipient's copy of a message: the leg that takes it there, and what became of it.
final class Copy {
    private final Recipient recipient;
    private final Leg leg;
    private @Nullable Reply answer;
    private @Nullable Lost lost;
    private boolean underId;

    /// A reply that did not come.
    ///
    /// @param id what the next hop knows the transaction by
    /// @param server address and port
    record Lost(HandoverId id, String server) {}

    /// @param recipient as the next hop gets it
    Copy(Recipient recipient, Leg leg) {
        this.recipient = recipient;
        this.leg = leg;
    }

    Recipient recipient() {
        return recipient;
    }

    Leg leg() {
        return leg;
    }

    /// Whether the next hop took the recipient under an id that it knows the message by.
    boolean isUnderId() {
        return underId;
    }

    void underId(boolean whether) {
        underId = whether;
    }

    /// What can be asked about the copy; null when its reply was not lost.
    @Nullable
    Lost lost() {
        return lost;
    }

    /// The next hop may have it, and can be asked.
    void lost(Lost what) {
        lost = what;
    }

    boolean isAnswered() {
        return answer != null;
    }

    void answered(Reply reply) {
        answer = reply;
    }

    /// What became of it; that is known.
    Reply answer() {
        Reply known = answer;
        if (known == null) {
            throw new IllegalStateException("a leg is still under way");
        }
        return known;
    }

    boolean isTaken() {
        return answer().isPositive();
    }
}
