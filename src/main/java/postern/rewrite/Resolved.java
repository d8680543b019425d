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
        DEFAULT;

        /// Whether this host is where such mail ends: all but relay and default.
        public boolean isFinal() {
            return this != RELAY && this != DEFAULT;
        }
    }

    /// @param transport `smtp`, `relay`, `error` …: a delivery agent's name
    /// @param nextHop what follows the colon in a transport table, or the recipient's domain; for `error` the
    ///     text of the refusal
    /// @param recipient the address itself, after what resolving changes of it; always has a domain
    record To(AddressClass addressClass, String transport, String nextHop, Address recipient) implements Resolved {
        /// Whether the local part still holds an operator that a later host could route by (`@`, `%`, `!`):
        /// such an address is not relayed for strangers unless `allow_untrusted_routing` says so.
        public boolean isRouted() {
            return recipient.localPart().chars().anyMatch(c -> c == '@' || c == '%' || c == '!');
        }

        /// Whether this can be no address: its domain is neither a name nor an address literal, or its local part
        /// begins with a hyphen (`allow_min_user`). A session refuses it with 501 5.1.3.
        public boolean isBad() {
            return transport.equals(ERROR) && nextHop.equals(BAD_ADDRESS);
        }
    }

    /// The transport that refuses.
    String ERROR = "error";

    /// What it says to an address that cannot be one.
    String BAD_ADDRESS = "5.1.3 bad address syntax";

    /// A table could not be asked: nothing may be concluded from it.
    record TempFail(String reason) implements Resolved {}
}
