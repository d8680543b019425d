package postern;

import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import postern.admin.Mailroom;
import postern.cleanup.Outlet;
import postern.delivery.SigningDelivery;
import postern.log.MailLog;
import postern.mailauth.DkimSigner;
import postern.mailauth.SigningTables;
import postern.queue.DeliveryAgent;
import postern.rewrite.Routes;

/// A server whose own mail is signed where it leaves over SMTP.
///
/// @param inside what lies behind its SMTP otherwise
record Signed(Inside inside, SigningTables tables, InstantSource clock, MailLog log) implements Inside {
    @Override
    public Outlet.Opener outlet(Outlet.Opener queue, Routes routes) {
        return inside.outlet(queue, routes);
    }

    @Override
    public @Nullable DeliveryAgent agent(String program) {
        return inside.agent(program);
    }

    @Override
    public String role() {
        return inside.role();
    }

    @Override
    public @Nullable Mailroom mailroom() {
        return inside.mailroom();
    }

    @Override
    public DeliveryAgent out(DeliveryAgent smtp, int lineLimit) {
        DkimSigner signer = new DkimSigner(tables::identities, clock);
        return new SigningDelivery(
                inside.out(smtp, lineLimit),
                signer,
                mail -> SigningDelivery.isOurs(mail) && tables.areThere(),
                lineLimit,
                log);
    }
}
