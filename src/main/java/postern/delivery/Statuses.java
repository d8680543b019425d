package postern.delivery;

import postern.queue.DeliveryStatus;
import postern.smtp.client.Outcome;
import postern.smtp.client.SmtpDialog;
import postern.smtp.client.SmtpFailure;

/// What the client found out, in the queue's terms.
final class Statuses {
    private Statuses() {}

    static DeliveryStatus sent(Outcome.Accepted accepted, SmtpDialog dialog) {
        return new DeliveryStatus.Sent(
                accepted.status(),
                dialog.relay(),
                accepted.text(),
                accepted.reply(),
                dialog.host().name(),
                dialog.features().offers("DSN"));
    }

    /// Back to the sender, or another try later, as the failure's class says.
    static DeliveryStatus of(SmtpFailure failure) {
        return failure.isPermanent()
                ? new DeliveryStatus.Bounced(
                        failure.status(), failure.relay(), failure.text(), failure.reply(), failure.remoteMta())
                : new DeliveryStatus.Deferred(
                        failure.status(), failure.relay(), failure.text(), failure.reply(), failure.remoteMta());
    }
}
