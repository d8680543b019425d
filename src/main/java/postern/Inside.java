package postern;

import org.jspecify.annotations.Nullable;
import postern.admin.Mailroom;
import postern.cleanup.Outlet;
import postern.queue.DeliveryAgent;
import postern.rewrite.Routes;

/// What a server has behind its SMTP besides the queue and next hops: the mailboxes of a private server, nothing
/// on a public one.
interface Inside {
    Inside NOTHING = new Inside() {
        @Override
        public Outlet.Opener outlet(Outlet.Opener queue, Routes routes) {
            return queue;
        }

        @Override
        public @Nullable DeliveryAgent agent(String program) {
            return null;
        }
    };

    /// The way of what comes in.
    ///
    /// @param queue the way of what is not taken here at once
    /// @param routes where mail goes
    Outlet.Opener outlet(Outlet.Opener queue, Routes routes);

    /// Who delivers for a program of master.cf that is this server's own; null for one that it does not have.
    @Nullable
    DeliveryAgent agent(String program);

    /// What `postern status` calls the server.
    default String role() {
        return "postern public";
    }

    /// The mailboxes, as far as an operator's commands may reach them; null when there are none.
    default @Nullable Mailroom mailroom() {
        return null;
    }

    /// What becomes of a delivery over SMTP.
    ///
    /// @param smtp who delivers
    /// @param lineLimit `smtp_line_length_limit`
    default DeliveryAgent out(DeliveryAgent smtp, int lineLimit) {
        return smtp;
    }
}
