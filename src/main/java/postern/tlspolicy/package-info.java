/// # tlspolicy - how much TLS a next hop must have
///
/// [postern.tlspolicy.TlsPolicyMaps] finds the [postern.tlspolicy.TlsPolicy] of a next hop: a
/// [postern.tlspolicy.TlsLevel], the protocol versions, and whom its certificate must name.
/// [postern.tlspolicy.ClientContexts] makes the client's side of a handshake out of it.
///
/// The order is kept always: what a policy demands is either fulfilled or the mail waits. Only `none` and
/// `may` ever let mail go out in clear. The levels of DANE refuse start until there is validated DNS.
///
/// State: contexts with their sessions to resume, a bounded number, owned by `ClientContexts`. Threads: may be
/// asked from any.
///
/// Sources: TLS_README, postconf(5). RFCs: 3207 (STARTTLS), 9525 (names in certificates), 8446.
@NullMarked
package postern.tlspolicy;

import org.jspecify.annotations.NullMarked;
