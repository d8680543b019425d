package postern.rewrite;

import java.util.List;
import java.util.Set;
import postern.address.Address;
import postern.config.MainCf;
import postern.config.Parameter;
import postern.lookup.AddressLookup;
import postern.lookup.Tables;

/// canonical(5): rewrites addresses in envelopes and headers before mail is queued.
public final class Canonical {
    static final Parameter<List<String>> CANONICAL_MAPS =
            Parameter.list("canonical_maps", "").doc("tables that rewrite senders and recipients");

    static final Parameter<List<String>> SENDER_CANONICAL_MAPS =
            Parameter.list("sender_canonical_maps", "").doc("tables that rewrite senders, before canonical_maps");

    static final Parameter<List<String>> RECIPIENT_CANONICAL_MAPS =
            Parameter.list("recipient_canonical_maps", "").doc("tables that rewrite recipients, before canonical_maps");

    static final Parameter<List<String>> CANONICAL_CLASSES = Parameter.list(
                    "canonical_classes", "envelope_sender, envelope_recipient, header_sender, header_recipient")
            .doc("which addresses canonical_maps rewrite");

    static final Parameter<List<String>> SENDER_CANONICAL_CLASSES = Parameter.list(
                    "sender_canonical_classes", "envelope_sender, header_sender")
            .doc("which addresses sender_canonical_maps rewrite");

    static final Parameter<List<String>> RECIPIENT_CANONICAL_CLASSES = Parameter.list(
                    "recipient_canonical_classes", "envelope_recipient, header_recipient")
            .doc("which addresses recipient_canonical_maps rewrite");

    public static final List<Parameter<?>> PARAMETERS = List.of(
            CANONICAL_MAPS,
            SENDER_CANONICAL_MAPS,
            RECIPIENT_CANONICAL_MAPS,
            CANONICAL_CLASSES,
            SENDER_CANONICAL_CLASSES,
            RECIPIENT_CANONICAL_CLASSES);

    /// Where an address stands.
    public enum Place {
        ENVELOPE_SENDER,
        ENVELOPE_RECIPIENT,
        HEADER_SENDER,
        HEADER_RECIPIENT;

        String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    private record Step(Set<String> classes, AddressMap map) {}

    private final List<Step> steps;

    public Canonical(MainCf conf, Tables tables, LocalDomains local) {
        steps = List.of(
                step(conf, tables, local, SENDER_CANONICAL_MAPS, SENDER_CANONICAL_CLASSES),
                step(conf, tables, local, RECIPIENT_CANONICAL_MAPS, RECIPIENT_CANONICAL_CLASSES),
                step(conf, tables, local, CANONICAL_MAPS, CANONICAL_CLASSES));
    }

    private static Step step(
            MainCf conf,
            Tables tables,
            LocalDomains local,
            Parameter<List<String>> maps,
            Parameter<List<String>> classes) {
        AddressLookup lookup =
                new AddressLookup(tables.open(maps), conf.get(Routes.RECIPIENT_DELIMITER), local::isLocalOrOrigin);
        return new Step(Set.copyOf(conf.get(classes)), new AddressMap(lookup, true));
    }

    /// The address as it goes on.
    public Rewritten rewrite(Place place, Address address) {
        Address current = address;
        for (Step step : steps) {
            if (!step.classes.contains(place.word())) {
                continue;
            }
            switch (step.map.one(current)) {
                case Rewritten.TempFail fail -> {
                    return fail;
                }
                case Rewritten.To(Address to) -> current = to;
            }
        }
        return new Rewritten.To(current);
    }
}
