package postern.queue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A message as lists show it.
///
/// @param size bytes of the text
/// @param sender empty for the null sender
/// @param recipients those who do not have it yet
public record Listing(QueueId id, Place place, long size, Instant arrival, String sender, List<Addressee> recipients) {
    /// Which of Postfix's queues it would be in.
    public enum Place {
        INCOMING,
        ACTIVE,
        DEFERRED,
        HOLD;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// One who does not have the message.
    ///
    /// @param reason why it waits; empty when it has not been tried
    public record Addressee(String address, String reason) {}

    static Listing of(Queued queued, boolean active) {
        Mail mail = queued.mail();
        List<Addressee> addressees = new ArrayList<>();
        queued.open().stream().forEach(place -> {
            String reason = place < queued.reasons().size() ? queued.reasons().get(place) : "";
            addressees.add(new Addressee(mail.recipients().get(place).address().internal(), reason));
        });
        return new Listing(
                mail.id(),
                place(queued, active),
                mail.size(),
                mail.arrival(),
                mail.sender().internal(),
                addressees);
    }

    private static Place place(Queued queued, boolean active) {
        if (queued.held()) {
            return Place.HOLD;
        }
        return active ? Place.ACTIVE : queued.tries() > 0 ? Place.DEFERRED : Place.INCOMING;
    }
}
