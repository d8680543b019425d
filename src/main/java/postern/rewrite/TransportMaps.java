package postern.rewrite;

import java.util.List;
import postern.address.Address;
import postern.config.MainCf;
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
            Parameter.list("transport_maps", "").doc("tables of transport:nexthop by recipient address and domain");

    static final List<Parameter<?>> PARAMETERS = List.of(TRANSPORT_MAPS);

    private final Table table;
    private final AddressLookup lookup;

    TransportMaps(MainCf conf, Tables tables) {
        table = tables.open(TRANSPORT_MAPS);
        Part parents =
                tables.parents(TRANSPORT_MAPS.name()) == MatchList.Parents.PLAIN ? Part.PARENTS : Part.DOTTED_PARENTS;
        lookup = new AddressLookup(
                table,
                conf.get(Routes.RECIPIENT_DELIMITER),
                domain -> Lookup.NOT_FOUND,
                Part.FULL,
                Part.BARE,
                Part.DOMAIN,
                parents);
    }

    /// The right-hand side for a recipient, unparsed.
    Lookup find(Address recipient) {
        Lookup answer = lookup.find(recipient);
        return answer instanceof Lookup.NotFound ? table.find("*") : answer;
    }
}
