/// # delivery - delivery agents
///
/// What the queue hands messages to: [postern.delivery.SmtpDelivery] over SMTP and LMTP,
/// [postern.delivery.ErrorDelivery] and [postern.delivery.DiscardDelivery] for the transports of those names.
/// [postern.delivery.SigningDelivery] puts DKIM signatures in front of our own mail before one of them has it.
/// [postern.delivery.RecipientProbe] asks a next hop about an address, for address verification.
///
/// Every end of a delivery is a `DeliveryStatus` with Postfix's words: log, notices and retries read the same
/// object.
///
/// State: none beyond one delivery, `Progress`. Threads: the scheduler's, one virtual thread per delivery.
///
/// RFCs: 5321 §4.2.5 and 1047 (who has the message), 3463 and 3464 (statuses), 9422 (RCPTMAX, MAILMAX).
@NullMarked
package postern.delivery;

import org.jspecify.annotations.NullMarked;
