package postern.rewrite;

import postern.address.Address;
import postern.address.Domain;

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

        /// Whether the domain can be one at all: a name of RFC 1123 or an address literal. Mail for anything
        /// else is refused (501 5.1.3).
        public boolean hasValidDomain() {
            Domain domain = recipient.domain();
            return domain != null && DomainSyntax.isValid(domain.text());
        }
    }

    /// A table could not be asked: nothing may be concluded from it.
    record TempFail(String reason) implements Resolved {}
}
