package postern.handover;

import java.util.List;
import java.util.stream.Stream;
import postern.queue.DeliveryStatus;
import postern.queue.Report;
import postern.smtp.EnhancedStatus;
import postern.smtp.Recipient;
import postern.smtp.Reply;
import postern.smtp.extension.Dsn;

/// Recipients whose sender wants to know that the mail arrived (NOTIFY=SUCCESS), and whom nobody else will tell:
/// their next hop sends no such notices (RFC 3461 §5.2.2), or they stand for others (§5.2.7). All that can be
/// said is that the mail went on.
final class Relayed {
    private static final EnhancedStatus OK = new EnhancedStatus(2, 0, 0);

    private Relayed() {}

    /// Those of the copies that have just been taken.
    private static List<Report> of(List<Copy> copies) {
        return copies.stream()
                .filter(Copy::isTaken)
                .filter(copy -> Dsn.wants(copy.recipient().params(), Dsn.Notify.SUCCESS))
                .filter(copy -> !copy.leg().takesNotify() && !copy.answer().equals(Repeat.TAKEN_BEFORE))
                .map(Relayed::report)
                .toList();
    }

    /// With those of the aliases, once the message has arrived.
    static List<Report> of(List<Copy> copies, List<Recipient> aliases, Reply answer) {
        Stream<Report> expanded = answer.isPositive() ? aliases.stream().map(Report::expanded) : Stream.empty();
        return Stream.concat(of(copies).stream(), expanded).toList();
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
