package postern.rewrite;

import postern.address.Address;

/// Where a recipient goes.
public sealed interface Resolved {
    /// Postfix's address classes (ADDRESS_CLASS_README).
    enum AddressClass {
        LOCAL,
        VIRTUAL_ALIAS,
        VIRTUAL_MAILBOX,
        RELAY,
        DEFAULT
    }

    /// @param transport `smtp`, `relay`, `error` …: a delivery agent's name
    /// @param nextHop what follows the colon in a transport table, or the recipient's domain; for `error` the
    ///     text of the refusal
    /// @param recipient the address itself, after what resolving changes of it
    record To(AddressClass addressClass, String transport, String nextHop, Address recipient) implements Resolved {}

    /// A table could not be asked: nothing may be concluded from it.
    record TempFail(String reason) implements Resolved {}
}
