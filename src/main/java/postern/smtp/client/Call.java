package postern.smtp.client;

import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.tlspolicy.TlsPolicy;

/// One try at one server.
///
/// @param hop the next hop it was found for
/// @param best whether it is among the best of its next hop: mail that loops from there is lost
/// @param errand what for
record Call(NextHop hop, TargetHost host, TlsPolicy policy, boolean best, Attempts.Errand errand) {
    Call with(TlsPolicy other) {
        return new Call(hop, host, other, best, errand);
    }

    /// Whose login is used, where logins depend on senders; null for none.
    @Nullable
    Address sender() {
        return errand.sender();
    }

    /// What time is left.
    Budget budget() {
        return errand.budget();
    }
}
