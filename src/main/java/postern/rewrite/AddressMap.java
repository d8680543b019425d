package postern.rewrite;

import java.util.List;
import postern.address.Address;
import postern.address.Domain;
import postern.lookup.AddressLookup;
import postern.lookup.AddressLookup.Match;

/// One table of addresses for addresses: what it gives, with extension and domain filled in.
record AddressMap(AddressLookup lookup, boolean propagatesExtension) {

    /// The new address, or the same when the table does not have it.
    Rewritten one(Address address) {
        return switch (all(address)) {
            case Expanded.TempFail(String reason) -> new Rewritten.TempFail(reason);
            case Expanded.To(List<Address> to) -> new Rewritten.To(to.isEmpty() ? address : to.getFirst());
        };
    }

    /// All addresses that the table gives; none when it does not have this one.
    Expanded all(Address address) {
        return switch (lookup.match(address)) {
            case Match.NotFound() -> new Expanded.To(List.of());
            case Match.TempFail(String reason) -> new Expanded.TempFail(reason);
            case Match.Found(String value, String extension) ->
                new Expanded.To(AddressList.parse(value).stream()
                        .map(result -> filled(result, address, propagatesExtension ? extension : ""))
                        .toList());
        };
    }

    private static Address filled(Address result, Address original, String extension) {
        Domain domain = result.domain();
        Address full = result.localPart().isEmpty() && domain != null ? original.withDomain(domain) : result;
        return extension.isEmpty() || result.localPart().isEmpty()
                ? full
                : full.withLocalPart(full.localPart() + extension);
    }
}
