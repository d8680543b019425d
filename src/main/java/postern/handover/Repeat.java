package postern.handover;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.queue.Ledger;
import postern.smtp.Answer;
import postern.smtp.Fates.Fate;
import postern.smtp.Reply;

/// What is known of one message from the last time that it came, and what is written down for the next. Confined
/// to the session's thread, but for [#look], which legs call side by side.
final class Repeat {
    static final Reply TAKEN_BEFORE = Reply.of("250 2.0.0 Ok: taken before");
    private static final Reply MIXED = Reply.of("451 4.3.0 Some recipients have the message, try again");
    private static final Reply UNDECIDED = Reply.of("451 4.4.2 Next hop may have the message, try again later");
    private static final Reply NOT_SETTLED = Reply.of("451 4.3.0 Next hop has the message, try again");

    private final PassThrough house;
    private final Imprint imprint;
    private final List<Ledger.Copy> settled = new ArrayList<>(0);

    Repeat(PassThrough house, Imprint imprint) {
        this.house = house;
        this.imprint = imprint;
    }

    /// Before the text of a leg ends: who has the message is left out, and so are others of the leg, who come again.
    /// Where a reply was lost the next hop is asked first. The copies that go no further have their answers then.
    void look(Leg leg) {
        Set<Copy> have = new HashSet<>();
        Map<Ledger.Doubt, Fate> fates = new HashMap<>(1);
        for (Copy copy : leg.taken()) {
            Ledger.Copy entry = imprint.of(copy);
            Ledger.Doubt doubt = house.ledger().doubt(entry);
            if (house.ledger().has(entry)) {
                have.add(copy);
            } else if (doubt != null && decide(entry, fates.computeIfAbsent(doubt, leg::fate))) {
                have.add(copy);
            }
        }
        if (!have.isEmpty() || fates.containsValue(Fate.UNDECIDED)) {
            Reply others = fates.containsValue(Fate.UNDECIDED) ? UNDECIDED : MIXED;
            leg.taken().forEach(copy -> copy.answered(have.contains(copy) ? TAKEN_BEFORE : others));
        }
    }

    /// Returns whether the next hop has it. One that does not gets it under another id.
    private synchronized boolean decide(Ledger.Copy entry, Fate fate) {
        if (fate == Fate.TAKEN) {
            settled.add(entry);
        } else if (fate == Fate.UNKNOWN) {
            house.ledger().forget(List.of(entry));
        }
        return fate == Fate.TAKEN;
    }

    /// Writes down whose reply was lost, before the client hears 451.
    void note(List<Copy> copies) {
        Map<Ledger.Copy, Ledger.Doubt> lost = new HashMap<>(0);
        for (Copy copy : copies) {
            Copy.@Nullable Lost what = copy.lost();
            if (what != null && imprint.isWhole()) {
                lost.put(
                        imprint.of(copy),
                        new Ledger.Doubt(what.id(), house.ledger().where(what.server())));
            }
        }
        if (lost.isEmpty()) {
            return;
        }
        try {
            house.ledger().doubt(lost);
        } catch (IOException e) {
            house.log().warning("postern", "whose reply was lost cannot be written down: " + e.getMessage());
        }
    }

    /// The client is about to hear that who was in doubt has the message: from now on the same message is another
    /// one. Unless who has it could not be written down instead, for the others' sake.
    Answer settle(Answer answer) {
        if (settled.isEmpty()
                || answer.forAll() == Settlement.NOT_WRITTEN
                || answer.each().contains(Settlement.NOT_WRITTEN)) {
            return answer;
        }
        try {
            house.ledger().settle(settled);
            return answer;
        } catch (IOException e) {
            house.log().warning("postern", "the ledger of hand-overs cannot be written: " + e.getMessage());
            return new Answer(NOT_SETTLED);
        }
    }
}
