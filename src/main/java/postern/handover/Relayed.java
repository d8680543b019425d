package postern.handover;

import java.util.ArrayList;
import java.util.List;
import postern.queue.DeliveryStatus;
import postern.queue.Report;
import postern.smtp.EnhancedStatus;
import postern.smtp.Recipient;
import postern.smtp.Reply;
import postern.smtp.extension.Dsn;

/// Recipients whose sender wants to know that the mail arrived (NOTIFY=SUCCESS), and whose next hop sends no
/// such notices: all that can be said is that it went on (RFC 3461 §5.2.2).
final class Relayed {
    private static final EnhancedStatus OK = new EnhancedStatus(2, 0, 0);

    private Relayed() {}

    /// Those of the legs that have just taken the message.
    static List<Report> of(Legs legs) {
        List<Report> reports = new ArrayList<>(0);
        for (Leg leg : legs.taken(true)) {
            Reply said = legs.answer(leg);
            if (leg.takesNotify() || said.equals(Passage.TAKEN_BEFORE)) {
                continue;
            }
            for (Recipient recipient : leg.taken()) {
                if (Dsn.wants(recipient.params(), Dsn.Notify.SUCCESS)) {
                    reports.add(report(leg, recipient, said));
                }
            }
        }
        return reports;
    }

    private static Report report(Leg leg, Recipient recipient, Reply said) {
        EnhancedStatus status = said.status() == null ? OK : said.status();
        DeliveryStatus sent =
                new DeliveryStatus.Sent(status, leg.relay(), said.toString(), said, Settlement.remoteMta(leg), false);
        Report.Action action = leg.way().client().isLmtp() ? Report.Action.DELIVERED : Report.Action.RELAYED;
        return new Report(recipient, sent, action);
    }
}
