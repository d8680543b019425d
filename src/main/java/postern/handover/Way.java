package postern.handover;

import postern.address.Address;
import postern.smtp.Reply;
import postern.smtp.client.SmtpClient;

/// Where a recipient goes.
public sealed interface Way {
    /// To a next hop.
    ///
    /// @param client of the transport
    /// @param service what the log calls the transport: `postfix/relay/smtp`
    /// @param nextHop as routes give it
    /// @param address of the recipient, as the next hop gets it
    /// @param ours whether it is of `relay_domains`: the next hop is one of ours, and mail for it comes
    ///     from strangers
    /// @param lines the most connections to the next hop at a time; 0 for no limit
    record To(SmtpClient client, String service, String nextHop, Address address, boolean ours, int lines)
            implements Way {
        /// What recipients have in common that go together.
        String key() {
            return service + "\n" + nextHop;
        }
    }

    /// Nowhere: this is the answer.
    record Refused(Reply reply) implements Way {}

    /// It is taken and thrown away (`discard:`).
    record Discarded() implements Way {}

    /// Finds the way.
    @FunctionalInterface
    interface Finder {
        /// @param sender for `sender_dependent_relayhost_maps` and its kin
        Way find(postern.address.Path sender, Address recipient);
    }
}
