package postern;

import org.jspecify.annotations.Nullable;
import postern.admin.Mailroom;
import postern.cleanup.Outlet;
import postern.log.MailLog;
import postern.mailbox.delivery.MailboxDelivery;
import postern.mailbox.delivery.MailboxOutlet;
import postern.mailbox.delivery.Placing;
import postern.mailbox.delivery.Residents;
import postern.queue.DeliveryAgent;

/// What lies inside a private server: the mailboxes of those who live there.
///
/// @param direct whether mail for mailboxes alone goes there without the queue
/// @param mailroom the mailboxes as an operator sees them
record Household(Residents residents, Placing placing, boolean direct, Mailroom mailroom, MailLog log)
        implements Inside {
    @Override
    public String role() {
        return "postern private";
    }

    @Override
    public Outlet.Opener outlet(Outlet.Opener queue) {
        return direct ? new MailboxOutlet.Opener(residents, placing, queue, log) : queue;
    }

    @Override
    public @Nullable DeliveryAgent agent(String program) {
        return program.equals("mailbox") ? new MailboxDelivery(residents, placing) : null;
    }
}
