package postern.smtp.client;

import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.tlspolicy.TlsPolicy;

/// One try at one server.
///
/// @param hop the next hop it was found for
/// @param sender whose login is used, where logins depend on senders; null for none
/// @param best whether it is among the best of its next hop: mail that loops from there is lost
record Call(
        NextHop hop,
        TargetHost host,
        TlsPolicy policy,
        @Nullable Address sender,
        boolean best) {
    Call with(TlsPolicy other) {
        return new Call(hop, host, other, sender, best);
    }
}
