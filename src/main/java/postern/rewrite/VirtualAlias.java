package postern.rewrite;

import java.util.ArrayList;
import java.util.List;
import postern.address.Address;
import postern.config.MainCf;
import postern.config.Parameter;
import postern.lookup.AddressLookup;
import postern.lookup.Tables;

/// virtual(5): turns one recipient into those it stands for, again and again until nothing changes.
public final class VirtualAlias {
    static final Parameter<List<String>> VIRTUAL_ALIAS_MAPS =
            Parameter.list("virtual_alias_maps", "$virtual_maps").doc("tables of aliases for any recipient");

    static final Parameter<Integer> VIRTUAL_ALIAS_EXPANSION_LIMIT =
            Parameter.integer("virtual_alias_expansion_limit", "1000").doc("the most recipients that may come of one");

    static final Parameter<Integer> VIRTUAL_ALIAS_RECURSION_LIMIT =
            Parameter.integer("virtual_alias_recursion_limit", "1000").doc("how deep aliases of aliases may go");

    static final Parameter<Integer> VIRTUAL_ALIAS_ADDRESS_LENGTH_LIMIT = Parameter.integer(
                    "virtual_alias_address_length_limit", "1000")
            .doc("the longest address that may come of one");

    public static final List<Parameter<?>> PARAMETERS = List.of(
            VIRTUAL_ALIAS_MAPS,
            VIRTUAL_ALIAS_EXPANSION_LIMIT,
            VIRTUAL_ALIAS_RECURSION_LIMIT,
            VIRTUAL_ALIAS_ADDRESS_LENGTH_LIMIT);

    private final AddressMap map;
    private final int most;
    private final int deepest;
    private final int longest;

    public VirtualAlias(MainCf conf, Tables tables, LocalDomains local) {
        map = new AddressMap(
                new AddressLookup(
                        tables.open(VIRTUAL_ALIAS_MAPS), conf.get(Routes.RECIPIENT_DELIMITER), local::isLocalOrOrigin),
                true);
        most = conf.get(VIRTUAL_ALIAS_EXPANSION_LIMIT);
        deepest = conf.get(VIRTUAL_ALIAS_RECURSION_LIMIT);
        longest = conf.get(VIRTUAL_ALIAS_ADDRESS_LENGTH_LIMIT);
    }

    /// The recipients that this one stands for, each once, in the order of the tables.
    public Expanded expand(Address recipient) {
        List<Address> found = new ArrayList<>();
        List<Address> level = List.of(recipient);
        for (int depth = 0; !level.isEmpty(); depth++) {
            if (depth > deepest) {
                return new Expanded.TempFail("unreasonable virtual_alias_maps map nesting for " + recipient.internal());
            }
            List<Address> next = new ArrayList<>();
            for (Address address : level) {
                switch (map.all(address)) {
                    case Expanded.TempFail fail -> {
                        return fail;
                    }
                    case Expanded.To(List<Address> to)
                    when to.isEmpty() || to.equals(List.of(address)) -> found.add(address);
                    case Expanded.To(List<Address> to) -> next.addAll(to);
                }
            }
            if (found.size() + next.size() > most) {
                return new Expanded.TempFail(
                        "unreasonable virtual_alias_maps map expansion size for " + recipient.internal());
            }
            if (next.stream().anyMatch(address -> address.internal().length() > longest)) {
                return new Expanded.TempFail(
                        "unreasonable virtual_alias_maps result length for " + recipient.internal());
            }
            level = next;
        }
        return new Expanded.To(found.stream().distinct().toList());
    }
}
