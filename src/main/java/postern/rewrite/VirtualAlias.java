package postern.rewrite;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.config.MainCf;
import postern.config.Parameter;
import postern.lookup.Tables;

/// virtual(5): turns one recipient into those it stands for, again and again until nothing changes.
public final class VirtualAlias {
    static final Parameter<List<String>> VIRTUAL_ALIAS_MAPS =
            Parameter.list("virtual_alias_maps", "$virtual_maps").doc("Tables of aliases for any recipient.");

    static final Parameter<Integer> VIRTUAL_ALIAS_EXPANSION_LIMIT =
            Parameter.integer("virtual_alias_expansion_limit", "1000").doc("The most recipients that may come of one.");

    static final Parameter<Integer> VIRTUAL_ALIAS_RECURSION_LIMIT =
            Parameter.integer("virtual_alias_recursion_limit", "1000").doc("How deep aliases of aliases may go.");

    static final Parameter<Integer> VIRTUAL_ALIAS_ADDRESS_LENGTH_LIMIT = Parameter.integer(
                    "virtual_alias_address_length_limit", "1000")
            .doc("The longest address that may come of one.");

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
                local.lookup(tables.open(VIRTUAL_ALIAS_MAPS)),
                new StandardForm(conf),
                Extensions.propagatedBy(conf, "virtual"));
        most = conf.get(VIRTUAL_ALIAS_EXPANSION_LIMIT);
        deepest = conf.get(VIRTUAL_ALIAS_RECURSION_LIMIT);
        longest = conf.get(VIRTUAL_ALIAS_ADDRESS_LENGTH_LIMIT);
    }

    /// The recipients that this one stands for, each once.
    public Expanded expand(Address recipient) {
        return new Expansion(recipient).run();
    }

    /// One recipient's expansion. The first result takes the place of what was expanded, further ones go to the
    /// end, as in Postfix.
    private final class Expansion {
        private final Address recipient;
        private final List<Address> addresses = new ArrayList<>();
        /// What expanded to itself, and is not expanded again.
        private final Set<String> settled = new HashSet<>();

        Expansion(Address recipient) {
            this.recipient = recipient;
            addresses.add(recipient);
        }

        Expanded run() {
            for (int i = 0; i < addresses.size(); i++) {
                Expanded failure = expandAt(i);
                if (failure != null) {
                    return failure;
                }
            }
            Map<String, Address> once = new LinkedHashMap<>();
            addresses.forEach(address -> once.putIfAbsent(address.key(), address));
            return new Expanded.To(List.copyOf(once.values()));
        }

        /// Returns why it cannot be, or null when all is well.
        private @Nullable Expanded expandAt(int place) {
            for (int depth = 0; !settled.contains(addresses.get(place).key()); depth++) {
                if (depth >= deepest) {
                    return unreasonable("map nesting");
                }
                switch (map.all(addresses.get(place))) {
                    case AddressMap.Result.TempFail(String reason) -> {
                        return new Expanded.TempFail(VIRTUAL_ALIAS_MAPS + " map lookup problem: " + reason);
                    }
                    case AddressMap.Result.NotFound() -> {
                        return null;
                    }
                    case AddressMap.Result.To(List<Address> to) -> {
                        Expanded failure = replace(place, to);
                        if (failure != null) {
                            return failure;
                        }
                    }
                }
            }
            return null;
        }

        private @Nullable Expanded replace(int place, List<Address> results) {
            String before = addresses.get(place).key();
            for (Address result : results) {
                if (result.internal().length() > longest) {
                    return unreasonable("result length");
                }
                if (result.key().equals(before)) {
                    settled.add(before);
                }
            }
            addresses.set(place, results.getFirst());
            addresses.addAll(results.subList(1, results.size()));
            return addresses.size() > most ? unreasonable("map expansion size") : null;
        }

        private Expanded unreasonable(String what) {
            return new Expanded.Unreasonable(
                    "unreasonable " + VIRTUAL_ALIAS_MAPS + " " + what + " for " + recipient.internal());
        }
    }
}
