package postern.lookup;

import postern.address.Address;

/// The look-up order of access(5), for one table of `check_…_access`.
///
/// @param parents how parent domains match: [Tables#parents(String)] of `smtpd_access_maps`
/// @param delimiters `recipient_delimiter`
public record AccessLookup(Table table, MatchList.Parents parents, String delimiters) {
    /// For `check_sender_access` and `check_recipient_access`: `user+ext@domain`, `user@domain`, the domain
    /// and its parents, `user+ext@`, `user@`.
    public Lookup address(Address address) {
        AddressLookup.Part parentDomains =
                parents == MatchList.Parents.PLAIN ? AddressLookup.Part.PARENTS : AddressLookup.Part.DOTTED_PARENTS;
        return new AddressLookup(
                        table,
                        delimiters,
                        domain -> Lookup.NOT_FOUND,
                        AddressLookup.Part.FULL,
                        AddressLookup.Part.BARE,
                        AddressLookup.Part.DOMAIN,
                        parentDomains,
                        AddressLookup.Part.LOCAL_PART_AT)
                .find(address);
    }

    /// For `check_helo_access` and its kin: the name and its parent domains.
    public Lookup domain(String name) {
        return DomainLookup.find(table, name, true, parents);
    }

    /// For `check_client_access`: the host name and its parents, then the address and the networks above it.
    public Lookup client(String name, String address) {
        Lookup answer = domain(name);
        return answer instanceof Lookup.NotFound ? network(address) : answer;
    }

    /// An address and the networks above it: `192.0.2.1`, `192.0.2`, `192.0`, `192`; for IPv6 cut at colons.
    public Lookup network(String address) {
        char separator = address.indexOf(':') >= 0 ? ':' : '.';
        Lookup answer = table.find(address);
        String rest = address;
        while (answer instanceof Lookup.NotFound) {
            int cut = rest.lastIndexOf(separator);
            if (cut < 0) {
                break;
            }
            rest = rest.substring(0, cut);
            if (rest.isEmpty()) {
                break;
            }
            answer = table.findPart(rest);
        }
        return answer;
    }
}
