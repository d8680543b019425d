package postern;

import org.jspecify.annotations.Nullable;
import postern.admin.Mailroom;
import postern.cleanup.Outlet;
import postern.config.MainCf;
import postern.config.Parameter;
import postern.dms.DmsConfig;
import postern.log.MailLog;
import postern.mailbox.delivery.MailboxDelivery;
import postern.mailbox.delivery.MailboxOutlet;
import postern.mailbox.delivery.Placing;
import postern.mailbox.delivery.Residents;
import postern.queue.DeliveryAgent;
import postern.rewrite.Resolved;
import postern.rewrite.Routes;

/// What lies inside a private server: the mailboxes of those who live there.
///
/// @param direct whether mail for mailboxes alone goes there without the queue
/// @param mailroom the mailboxes as an operator sees them
record Household(Residents residents, Placing placing, boolean direct, Mailroom mailroom, MailLog log)
        implements Inside {
    private static final String PROGRAM = "mailbox";
    private static final Parameter<String> MAIL_NAME = Parameter.text("mail_name", "Postfix");

    @Override
    public String role() {
        return "postern private";
    }

    @Override
    public Outlet.Opener outlet(Outlet.Opener queue, Routes routes) {
        return new MailboxOutlet.Opener(
                residents, placing, queue, (sender, to) -> endsHere(routes.resolve(sender, to)), direct, log);
    }

    static Placing placing(DmsConfig dms) {
        return new Placing(
                dms.movesSpamToJunk(),
                dms.marksSpamAsRead(),
                dms.conf().get(MainCf.MYHOSTNAME),
                dms.conf().get(MAIL_NAME));
    }

    private static boolean endsHere(Resolved route) {
        return route instanceof Resolved.To to && to.transport().equals(PROGRAM);
    }

    @Override
    public @Nullable DeliveryAgent agent(String program) {
        return program.equals(PROGRAM) ? new MailboxDelivery(residents, placing, log) : null;
    }
}
