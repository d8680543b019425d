package postern.rewrite;

import java.util.List;
import postern.address.Address;
import postern.address.Domain;
import postern.config.Parameter;
import postern.lookup.AddressLookup;
import postern.lookup.AddressLookup.Part;
import postern.lookup.Lookup;
import postern.lookup.MatchList;
import postern.lookup.Table;
import postern.lookup.Tables;

/// `transport_maps`, in the order of transport(5): the full address, the address without extension, the
/// domain, its parents, `*`.
final class TransportMaps {
    static final Parameter<List<String>> TRANSPORT_MAPS =
            Parameter.list("transport_maps", "").doc("Tables of transport:nexthop by recipient address and domain.");

    static final List<Parameter<?>> PARAMETERS = List.of(TRANSPORT_MAPS);

    private final Table table;
    private final AddressLookup lookup;

    TransportMaps(Tables tables, LocalDomains local) {
        table = tables.open(TRANSPORT_MAPS);
        boolean plain = tables.parents(TRANSPORT_MAPS.name()) == MatchList.Parents.PLAIN;
        lookup = local.lookup(table, Part.FULL, Part.BARE, Part.DOMAIN, plain ? Part.PARENTS : Part.DOTTED_PARENTS);
    }

    /// What the maps make of a route. `transport:nexthop` changes both; `:nexthop` keeps the transport, and
    /// `transport:` or `transport` alone goes to the recipient's own domain.
    Resolved override(Resolved.To to, Domain domain) {
        return switch (find(to.recipient())) {
            case Lookup.NotFound() -> to;
            case Lookup.TempFail(String reason) -> new Resolved.TempFail(TRANSPORT_MAPS + " lookup failure: " + reason);
            case Lookup.Found(String value) -> {
                int colon = value.indexOf(':');
                String transport = colon < 0 ? value : value.substring(0, colon);
                String nextHop = colon < 0 ? "" : value.substring(colon + 1);
                yield overridden(to, transport, nextHop, domain);
            }
        };
    }

    private Lookup find(Address recipient) {
        Lookup answer = lookup.find(recipient);
        return answer instanceof Lookup.NotFound ? table.find("*") : answer;
    }

    private static Resolved.To overridden(Resolved.To to, String transport, String nextHop, Domain domain) {
        String otherwise = transport.isEmpty()
                ? to.nextHop()
                : transport.equals(Resolved.ERROR) ? "Address is undeliverable" : domain.text();
        return new Resolved.To(
                to.addressClass(),
                transport.isEmpty() ? to.transport() : transport,
                nextHop.isEmpty() ? otherwise : nextHop,
                to.recipient());
    }
}
