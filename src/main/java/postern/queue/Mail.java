package postern.queue;

import java.time.Instant;
import java.util.List;
import postern.address.Path;
import postern.smtp.Params;
import postern.smtp.Peer;
import postern.smtp.Recipient;

/// A message in the queue, without its text: immutable from the moment it is forced to disk.
///
/// @param recipients all of them; which ones are still open is the queue's [Queued] state, by their place in
///     this list
/// @param size bytes of the text as kept
/// @param messageId of the header field, for the log; empty when there is none
/// @param eightBit whether the text holds bytes outside ASCII
/// @param utf8Header whether header or addresses need SMTPUTF8 at the next hop (RFC 6531 §3.4)
/// @param filter `transport:nexthop` that goes before the routes (`content_filter`, FILTER action), or empty
/// @param isNotice whether it is a bounce or notice made here: its own failure goes to
///     `2bounce_notice_recipient` or nowhere
public record Mail(
        QueueId id,
        Path sender,
        Params params,
        Peer peer,
        Instant arrival,
        List<Recipient> recipients,
        long size,
        String messageId,
        boolean eightBit,
        boolean utf8Header,
        String filter,
        boolean isNotice) {
    public Mail {
        recipients = List.copyOf(recipients);
    }

    /// The same for others.
    public Mail withRecipients(List<Recipient> others) {
        return new Mail(
                id, sender, params, peer, arrival, others, size, messageId, eightBit, utf8Header, filter, isNotice);
    }

    /// The same with a text of another size.
    public Mail withSize(long other) {
        return new Mail(
                id,
                sender,
                params,
                peer,
                arrival,
                recipients,
                other,
                messageId,
                eightBit,
                utf8Header,
                filter,
                isNotice);
    }
}
