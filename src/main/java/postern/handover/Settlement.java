package postern.handover;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import postern.queue.DeliveryStatus;
import postern.queue.Ledger;
import postern.queue.Mail;
import postern.queue.Report;
import postern.smtp.EnhancedStatus;
import postern.smtp.Recipient;
import postern.smtp.Reply;

/// The one answer to a message that went to several next hops.
///
/// All took it: 250. None: 451 if any refused for now, else the refusal. Some: who took it is written down
/// first; then 451 while others may still take it, and the repeat goes only to them. When the others have
/// refused for good the sender's own server is given a notice, and the client 250.
final class Settlement {
    private static final Reply NOT_WRITTEN = Reply.of("451 4.3.0 Some recipients have the message, try again for all");
    private static final Reply NO_NOTICE =
            Reply.of("451 4.3.0 Some recipients refused, and the sender cannot be told now");
    private static final EnhancedStatus TRANSIENT = new EnhancedStatus(4, 3, 0);

    private final PassThrough house;
    private final Legs legs;
    private final Imprint imprint;

    Settlement(PassThrough house, Legs legs, Imprint imprint) {
        this.house = house;
        this.legs = legs;
        this.imprint = imprint;
    }

    /// All legs have ended.
    ///
    /// @param header of the message, at the start of the bytes
    Reply answer(Mail mail, ByteBuffer header) {
        if (legs.size() == 1) {
            return legs.answer(legs.all().getFirst());
        }
        List<Leg> have = legs.taken(true);
        if (have.isEmpty()) {
            return refusal();
        }
        List<Leg> others = legs.taken(false);
        int count = Legs.recipients(have);
        if (others.isEmpty()) {
            return Reply.of("250 2.0.0 Ok: taken for " + count + " recipients");
        }
        if (!writeDown(mail, have)) {
            return NOT_WRITTEN;
        }
        if (legs.refusal().isTransient()) {
            return come(count, count + Legs.recipients(others));
        }
        if (!isInbound() && !tell(mail, reports(others), header)) {
            return NO_NOTICE;
        }
        int all = count + Legs.recipients(others);
        return Reply.of("250 2.0.0 Ok: taken for " + count + " of " + all + " recipients");
    }

    /// A stranger's sender address is not to be believed, and gets no notice: what some of those behind an
    /// alias have taken is taken.
    private boolean isInbound() {
        return legs.all().stream().allMatch(leg -> leg.way().ours());
    }

    /// The notice may want a connection to one of these next hops.
    private boolean tell(Mail mail, List<Report> reports, ByteBuffer header) {
        legs.forAll(legs.all(), Leg::close);
        return house.notices().refused(mail, reports, header);
    }

    /// What all of them refused with, as one answer.
    Reply refusal() {
        Reply refusal = legs.refusal();
        return legs.size() > 1 && refusal.isTransient() ? new Reply(451, refusal.status(), refusal.lines()) : refusal;
    }

    private Reply come(int count, int all) {
        Reply refusal = legs.refusal();
        List<String> lines = new ArrayList<>();
        lines.add(count + " of " + all + " recipients have the message, send it again for the others:");
        lines.addAll(refusal.lines());
        EnhancedStatus status = refusal.status();
        return new Reply(451, status == null ? TRANSIENT : status, lines);
    }

    private boolean writeDown(Mail mail, List<Leg> have) {
        List<Ledger.Copy> copies =
                have.stream().flatMap(leg -> imprint.copies(leg).stream()).toList();
        try {
            house.ledger().write(copies);
            return true;
        } catch (IOException e) {
            house.log().warning("postern", mail.id() + ": who has it cannot be written down: " + e.getMessage());
            return false;
        }
    }

    private List<Report> reports(List<Leg> refused) {
        List<Report> reports = new ArrayList<>();
        for (Leg leg : refused) {
            Reply said = legs.answer(leg);
            EnhancedStatus given = said.status();
            EnhancedStatus status = given == null ? new EnhancedStatus(5, 0, 0) : given;
            DeliveryStatus bounced =
                    new DeliveryStatus.Bounced(status, leg.relay(), said.toString(), said, remoteMta(leg));
            for (Recipient recipient : leg.taken()) {
                reports.add(new Report(recipient, bounced, Report.Action.FAILED));
            }
        }
        return reports;
    }

    /// A next hop of ours is not named to anybody.
    static String remoteMta(Leg leg) {
        int bracket = leg.relay().indexOf('[');
        return bracket <= 0 || leg.way().ours() ? "" : leg.relay().substring(0, bracket);
    }
}
