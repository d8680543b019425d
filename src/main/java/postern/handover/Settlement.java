package postern.handover;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import postern.queue.DeliveryStatus;
import postern.queue.Mail;
import postern.queue.Report;
import postern.smtp.Answer;
import postern.smtp.EnhancedStatus;
import postern.smtp.Recipient;
import postern.smtp.Reply;
import postern.smtp.client.MailFrom;
import postern.smtp.extension.Prdr;

/// The answer to a message whose copies may have ended differently.
///
/// All were taken: 250. None: 451 if any was refused for now, else the refusal. Some: who has it is written
/// down first; then 451 while others may still take it, and the repeat goes only to them. When the others were
/// refused for good, the sender's own server is given a notice, and the client 250.
final class Settlement {
    static final Reply DISCARDED = Reply.of("250 2.0.0 Ok: discarded");
    static final Reply NOT_WRITTEN = Reply.of("451 4.3.0 Some recipients have the message, try again for all");
    private static final Reply NO_NOTICE =
            Reply.of("451 4.3.0 Some recipients refused, and the sender cannot be told now");
    private static final EnhancedStatus TRANSIENT = new EnhancedStatus(4, 3, 0);

    private final PassThrough house;
    private final MailFrom from;
    private final Legs legs;
    private final Imprint imprint;

    Settlement(PassThrough house, MailFrom from, Legs legs, Imprint imprint) {
        this.house = house;
        this.from = from;
        this.legs = legs;
        this.imprint = imprint;
    }

    /// All legs have ended.
    ///
    /// @param header of the message, at the start of the bytes
    Answer answer(Copies copies, Mail mail, ByteBuffer header) {
        List<Copy> all = copies.all();
        if (!hearsEach() || copies.byRcpt().size() < 2 || all.stream().allMatch(Copy::isTaken) || areOne(all)) {
            return new Answer(settle(all, mail, header));
        }
        List<Reply> each =
                copies.byRcpt().stream().map(rcpt -> settle(rcpt, mail, header)).toList();
        long taken = each.stream().filter(Reply::isPositive).count();
        return new Answer(
                taken > 0
                        ? Reply.of("250 2.0.0 Ok: taken for " + taken + " of " + each.size() + " recipients")
                        : refusalOf(each),
                each);
    }

    /// Whether the client learns of each recipient: of whom it hears 4xx it will come again for, and of the others
    /// it tells the sender itself.
    private boolean hearsEach() {
        return from.params().has(Prdr.PRDR);
    }

    /// The one answer to these.
    private Reply settle(List<Copy> copies, Mail mail, ByteBuffer header) {
        List<Copy> have = copies.stream().filter(Copy::isTaken).toList();
        if (have.isEmpty()) {
            return copies.isEmpty() ? DISCARDED : refusal(copies);
        }
        if (have.size() == copies.size()) {
            return areOne(copies)
                    ? copies.getFirst().answer()
                    : Reply.of("250 2.0.0 Ok: taken for " + copies.size() + " recipients");
        }
        List<Copy> others = copies.stream().filter(copy -> !copy.isTaken()).toList();
        Reply refusal = refusal(others);
        List<Report> owed = refusal.isTransient() ? List.of() : reports(others);
        if ((refusal.isTransient() || !owed.isEmpty()) && !writeDown(mail, have)) {
            return NOT_WRITTEN;
        }
        if (refusal.isTransient()) {
            return come(refusal, have.size(), copies.size());
        }
        if (!owed.isEmpty() && !tell(mail, owed, header)) {
            return NO_NOTICE;
        }
        return Reply.of("250 2.0.0 Ok: taken for " + have.size() + " of " + copies.size() + " recipients");
    }

    /// Whether one next hop has said the same of all of them.
    private static boolean areOne(List<Copy> copies) {
        Copy first = copies.getFirst();
        return copies.stream()
                .allMatch(copy -> copy.leg() == first.leg() && copy.answer().equals(first.answer()));
    }

    /// What they were refused with, as one answer: for now before for good.
    static Reply refusal(List<Copy> refused) {
        return areOne(refused)
                ? refused.getFirst().answer()
                : refusalOf(refused.stream().map(Copy::answer).toList());
    }

    private static Reply refusalOf(List<Reply> replies) {
        return replies.stream()
                .filter(Reply::isTransient)
                .findFirst()
                .map(reply -> new Reply(451, reply.status(), reply.lines()))
                .orElse(replies.getFirst());
    }

    private static Reply come(Reply refusal, int count, int all) {
        List<String> lines = new ArrayList<>();
        lines.add(count + " of " + all + " recipients have the message, send it again for the others:");
        lines.addAll(refusal.lines());
        EnhancedStatus status = refusal.status();
        return new Reply(451, status == null ? TRANSIENT : status, lines);
    }

    private boolean writeDown(Mail mail, List<Copy> have) {
        try {
            house.ledger().write(have.stream().map(imprint::of).toList());
            return true;
        } catch (IOException e) {
            house.log().warning("postern", mail.id() + ": who has it cannot be written down: " + e.getMessage());
            return false;
        }
    }

    /// The notice may want a connection to one of these next hops.
    private boolean tell(Mail mail, List<Report> reports, ByteBuffer header) {
        legs.forAll(legs.all(), Leg::close);
        return house.notices().refused(mail, reports, header);
    }

    /// What the sender is to be told of them; of the others the log says that they go without.
    private List<Report> reports(List<Copy> refused) {
        List<Report> reports = new ArrayList<>();
        for (Copy copy : refused) {
            if (isOwed(copy)) {
                reports.add(report(copy));
            } else {
                house.log()
                        .info(
                                "postern",
                                from.id() + ": to=<"
                                        + copy.recipient().address().internal()
                                        + ">: refused what others took, and a stranger is not told: " + copy.answer());
            }
        }
        return reports;
    }

    /// A stranger's sender address is not to be believed, and gets no notice: neither of recipients of ours nor
    /// of where an alias leads.
    private boolean isOwed(Copy copy) {
        Recipient recipient = copy.recipient();
        boolean named = recipient.address().equals(recipient.original());
        return house.notices().knows(from.peer()) || (!copy.leg().way().ours() && named);
    }

    private static Report report(Copy copy) {
        Leg leg = copy.leg();
        Reply said = copy.answer();
        EnhancedStatus given = said.status();
        EnhancedStatus status = given == null ? new EnhancedStatus(5, 0, 0) : given;
        DeliveryStatus bounced = new DeliveryStatus.Bounced(status, leg.relay(), said.toString(), said, remoteMta(leg));
        return new Report(copy.recipient(), bounced, Report.Action.FAILED);
    }

    /// A next hop of ours is not named to anybody.
    static String remoteMta(Leg leg) {
        int bracket = leg.relay().indexOf('[');
        return bracket <= 0 || leg.way().ours() ? "" : leg.relay().substring(0, bracket);
    }
}
