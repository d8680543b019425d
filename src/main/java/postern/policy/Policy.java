package postern.policy;

import postern.address.Address;

/// What may be done at each stage of a session. One instance per configuration and listening service; asked
/// from many sessions at once; may block on tables, DNS and policy servers.
///
/// With `smtpd_delay_reject = yes` the answers of the first three stages wait until RCPT: [#rcpt] then goes
/// through the lists of client, HELO and sender before those of relay and recipient. Without it, what a
/// verdict of these stages wants done holds for all messages (of the connection, after this HELO) or for this
/// one.
public interface Policy {
    /// Whether this can be an address at all, once rewritten. What cannot is refused as a matter of syntax (501),
    /// whoever the client is.
    boolean isPossible(Address address);

    /// A client has connected. A refusal is said instead of the greeting.
    Verdict connect(PolicyRequest request);

    Verdict helo(PolicyRequest request);

    Verdict mail(PolicyRequest request);

    /// Also refuses recipients that are not known (`smtpd_reject_unlisted_recipient`).
    Verdict rcpt(PolicyRequest request);

    Verdict data(PolicyRequest request);

    Verdict endOfData(PolicyRequest request);

    /// VRFY asks with a recipient and no sender.
    Verdict vrfy(PolicyRequest request);
}
