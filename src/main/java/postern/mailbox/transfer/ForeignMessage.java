package postern.mailbox.transfer;

import java.time.Instant;
import postern.mailbox.Flags;

/// A message elsewhere, without its text.
///
/// @param key by which it is known again in its mailbox, when mail comes and goes there: without line ends
/// @param uid that it has there; 0 for none yet
/// @param arrival INTERNALDATE, whole seconds
/// @param popId what POP3 calls it there when that does not follow from its UID; else empty
public record ForeignMessage(String key, long uid, Flags flags, Instant arrival, String popId) {
    public ForeignMessage {
        arrival = Instant.ofEpochSecond(arrival.getEpochSecond());
    }

    ForeignMessage withoutUid() {
        return new ForeignMessage(key, 0, flags, arrival, popId);
    }
}
