package postern.queue;

import java.util.Locale;
import postern.smtp.EnhancedStatus;
import postern.smtp.Recipient;

/// What became of one recipient, for whoever is told of it.
public record Report(Recipient recipient, DeliveryStatus status, Action action) {
    /// RFC 3464 §2.3.3.
    public enum Action {
        FAILED,
        DELAYED,
        DELIVERED,
        RELAYED,
        EXPANDED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// Of an address that stands for others, to which the mail went on (RFC 3464 §2.3.3).
    public static Report expanded(Recipient alias) {
        return new Report(
                alias,
                new DeliveryStatus.Sent(EnhancedStatus.OK, "none", "alias expanded", null, "", false),
                Action.EXPANDED);
    }

    /// @param isFinal whether who took it keeps it ([DeliveryAgent#isFinal()])
    static Report of(Recipient recipient, DeliveryStatus status, boolean isFinal) {
        return new Report(
                recipient,
                status,
                switch (status) {
                    case DeliveryStatus.Sent _ -> isFinal ? Action.DELIVERED : Action.RELAYED;
                    case DeliveryStatus.Deferred _ -> Action.DELAYED;
                    case DeliveryStatus.Bounced _ -> Action.FAILED;
                });
    }
}
