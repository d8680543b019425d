package postern.rewrite;

import java.util.List;
import postern.address.Address;
import postern.address.Domain;
import postern.lookup.AddressLookup;
import postern.lookup.AddressLookup.Match;

/// A table of addresses for addresses: what it gives, in standard form, with the user and the extension filled
/// in.
///
/// @param propagates whether an extension that had to be cut off to find the address is put to the results
record AddressMap(AddressLookup lookup, StandardForm form, boolean propagates) {
    /// What the table gives for an address.
    sealed interface Result {
        /// At least one.
        record To(List<Address> addresses) implements Result {}

        record NotFound() implements Result {}

        record TempFail(String reason) implements Result {}
    }

    Result all(Address address) {
        return switch (lookup.match(address)) {
            case Match.NotFound() -> new Result.NotFound();
            case Match.TempFail(String reason) -> new Result.TempFail(reason);
            case Match.Found(String value, String extension) -> {
                List<Address> results = AddressList.parse(value).stream()
                        .map(result -> filled(result, address, extension))
                        .toList();
                yield results.isEmpty()
                        ? new Result.TempFail(
                                "lookup of " + address.internal() + " returns non-address result \"" + value + "\"")
                        : new Result.To(results);
            }
        };
    }

    /// `@otherdomain` is the same user there.
    private Address filled(Address result, Address original, String extension) {
        Domain domain = result.domain();
        String user = original.localPart();
        Address whole = result.localPart().isEmpty() && domain != null
                ? new Address(user.substring(0, user.length() - extension.length()), domain)
                : form.of(result);
        return propagates ? whole.withLocalPart(whole.localPart() + extension) : whole;
    }
}
