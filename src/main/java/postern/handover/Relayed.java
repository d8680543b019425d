package postern.handover;

import java.util.List;
import postern.queue.DeliveryStatus;
import postern.queue.Report;
import postern.smtp.EnhancedStatus;
import postern.smtp.Reply;
import postern.smtp.extension.Dsn;

/// Recipients whose sender wants to know that the mail arrived (NOTIFY=SUCCESS), and whose next hop sends no
/// such notices: all that can be said is that it went on (RFC 3461 §5.2.2).
final class Relayed {
    private static final EnhancedStatus OK = new EnhancedStatus(2, 0, 0);

    private Relayed() {}

    /// Those of the copies that have just been taken.
    static List<Report> of(List<Copy> copies) {
        return copies.stream()
                .filter(Copy::isTaken)
                .filter(copy -> Dsn.wants(copy.recipient().params(), Dsn.Notify.SUCCESS))
                .filter(copy -> !copy.leg().takesNotify() && !copy.answer().equals(Passage.TAKEN_BEFORE))
                .map(Relayed::report)
                .toList();
    }

    private static Report report(Copy copy) {
        Leg leg = copy.leg();
        Reply said = copy.answer();
        EnhancedStatus status = said.status() == null ? OK : said.status();
        DeliveryStatus sent =
                new DeliveryStatus.Sent(status, leg.relay(), said.toString(), said, Settlement.remoteMta(leg), false);
        Report.Action action = leg.way().client().isLmtp() ? Report.Action.DELIVERED : Report.Action.RELAYED;
        return new Report(copy.recipient(), sent, action);
    }
}
