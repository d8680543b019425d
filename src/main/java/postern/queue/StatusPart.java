package postern.queue;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.message.MailDate;
import postern.smtp.EnhancedStatus;
import postern.smtp.Recipient;
import postern.smtp.Reply;
import postern.smtp.extension.Dsn;

/// The machine's part of a notice: `message/delivery-status` (RFC 3464 §2), or in its forms for UTF-8
/// `message/global-delivery-status` (RFC 6533 §3).
final class StatusPart {
    private final Notice notice;
    private final boolean utf8;
    private final StringBuilder out = new StringBuilder();

    private StatusPart(Notice notice, boolean utf8) {
        this.notice = notice;
        this.utf8 = utf8;
    }

    /// The fields about the message.
    ///
    /// @param host for Reporting-MTA
    /// @param utf8 whether it may hold UTF-8 ([Notice#isUtf8()])
    static String ofMessage(Notice notice, String host, boolean utf8) {
        Mail mail = notice.mail();
        StatusPart part = new StatusPart(notice, utf8);
        part.field("Reporting-MTA", "dns; " + host);
        part.field("Original-Envelope-Id", notice.envelopeId());
        part.field("X-Postern-Queue-ID", mail.id().toString());
        Address sender = mail.sender().address();
        if (sender != null) {
            part.field("X-Postern-Sender", part.typed(sender));
        }
        part.field("Arrival-Date", MailDate.format(mail.arrival(), ZoneId.systemDefault()));
        return part.out.toString();
    }

    /// The fields about one recipient, behind the empty line that divides them from what came before.
    static String ofRecipient(Notice notice, Report report, boolean utf8) {
        StatusPart part = new StatusPart(notice, utf8);
        part.out.append("\r\n");
        part.recipient(report);
        return part.out.toString();
    }

    private void recipient(Report report) {
        DeliveryStatus status = report.status();
        field("Final-Recipient", typed(report.recipient().address()));
        field("Original-Recipient", original(report.recipient()));
        field("Action", report.action().toString());
        field("Status", code(report).toString());
        if (!status.remoteMta().isEmpty()) {
            field("Remote-MTA", "dns; " + status.remoteMta());
        }
        field("Diagnostic-Code", diagnostic(status));
        Instant until = notice.retryUntil();
        if (until != null) {
            field("Will-Retry-Until", MailDate.format(until, ZoneId.systemDefault()));
        }
    }

    /// The class must agree with the action, whatever the next hop wrote: a failure that says 2.x.x helps
    /// nobody. A message that became too old fails with 4.4.7 (RFC 3463 §3.5).
    private static EnhancedStatus code(Report report) {
        EnhancedStatus code = report.status().status();
        return switch (report.action()) {
            case FAILED -> code.statusClass() == 2 ? code.withClass(5) : code;
            case DELAYED -> code.withClass(4);
            case DELIVERED, RELAYED, EXPANDED -> code.withClass(2);
        };
    }

    private static String diagnostic(DeliveryStatus status) {
        @Nullable Reply reply = status.reply();
        return reply == null ? "X-Postern; " + status.text() : "smtp; " + reply;
    }

    /// What ORCPT said, else the address the message was sent to, where it went on to another.
    private String original(Recipient recipient) {
        Dsn.OriginalRecipient given = recipient.params().get(Dsn.ORCPT);
        if (given != null) {
            return given.type().toLowerCase(Locale.ROOT) + ";" + given.address();
        }
        return recipient.original().equals(recipient.address()) ? "" : typed(recipient.original());
    }

    private String typed(Address address) {
        return (address.isUtf8() ? "utf-8; " : "rfc822; ") + address;
    }

    private void field(String name, String value) {
        if (!value.isEmpty()) {
            out.append(Folded.field(name, value, utf8));
        }
    }
}
