package postern.mailbox.delivery;

import java.io.IOException;
import postern.log.MailLog;
import postern.mailbox.MailboxStore;
import postern.smtp.Fates;
import postern.smtp.HandoverId;

/// What became of messages that go into mailboxes, or into the queue: one of the two has committed the id, or
/// neither.
///
/// @param queue begins every transaction, and knows which are under way
record StoreFates(MailboxStore store, Fates queue, MailLog log) implements Fates {
    @Override
    public Fate of(HandoverId id) {
        try {
            if (store.hasTaken(id.toString())) {
                return Fate.TAKEN;
            }
            Fate fate = queue.of(id);
            // what was under way at the first question may have been committed before the second
            return fate == Fate.UNKNOWN && store.hasTaken(id.toString()) ? Fate.TAKEN : fate;
        } catch (IOException e) {
            log.warning("mailbox", "hand-over ids cannot be looked up: " + e.getMessage());
            return Fate.UNDECIDED;
        }
    }
}
