package postern.delivery;

import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.address.Path;
import postern.queue.DeliveryStatus;
import postern.smtp.Params;
import postern.smtp.Peer;
import postern.smtp.Recipient;
import postern.smtp.Reply;
import postern.smtp.client.Attempts;
import postern.smtp.client.MailFrom;
import postern.smtp.client.Outcome;
import postern.smtp.client.SmtpClient;
import postern.smtp.client.SmtpDialog;
import postern.smtp.client.SmtpFailure;

/// Asks a next hop whether it would take mail for an address (ADDRESS_VERIFICATION_README): MAIL and RCPT,
/// and no message.
public final class RecipientProbe {
    private static final String ID = "NOQUEUE";

    private final SmtpClient client;
    private final MailFrom from;

    /// @param sender `address_verify_sender`: one that takes no mail, or the null path
    public RecipientProbe(SmtpClient client, Path sender) {
        this.client = client;
        this.from = new MailFrom(sender, Params.NONE, Peer.LOCAL, "", 0, false, false);
    }

    /// Sent when it would be taken, Bounced when it would be refused, Deferred when that cannot be said now.
    public DeliveryStatus probe(Address recipient, String nextHop) {
        SmtpFailure last = null;
        try (Attempts attempts = client.attempts(nextHop, from.sender().address(), ID)) {
            for (SmtpDialog dialog = attempts.next(); dialog != null; dialog = attempts.next()) {
                Answer answer = ask(dialog, recipient);
                attempts.release(dialog);
                if (answer.status != null) {
                    return answer.status;
                }
                last = answer.failure;
            }
            return Statuses.of(last == null ? attempts.failure() : attempts.failureAfter(last));
        }
    }

    /// A final answer, or why there is none from this server.
    private record Answer(
            @Nullable DeliveryStatus status, @Nullable SmtpFailure failure) {
        static Answer of(SmtpFailure failure) {
            return failure.isPermanent() ? new Answer(Statuses.of(failure), null) : new Answer(null, failure);
        }
    }

    private Answer ask(SmtpDialog dialog, Address recipient) {
        try {
            Reply mail = dialog.mail(from);
            if (!mail.isPositive()) {
                return Answer.of(SmtpFailure.toMail(dialog.host(), mail));
            }
            Reply rcpt = dialog.rcpt(new Recipient(recipient, Params.NONE));
            dialog.reset();
            return rcpt.isPositive()
                    ? new Answer(Statuses.sent(new Outcome.Accepted(rcpt), dialog), null)
                    : Answer.of(SmtpFailure.toRcpt(dialog.host(), rcpt));
        } catch (SmtpFailure failure) {
            return Answer.of(failure);
        }
    }
}
