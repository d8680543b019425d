package postern.rewrite;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import postern.address.Address;
import postern.config.MainCf;
import postern.config.Parameter;
import postern.lookup.Tables;

/// canonical(5) and address masquerading: rewrites addresses in envelopes and header fields before mail is
/// queued.
public final class Canonical {
    static final Parameter<List<String>> CANONICAL_MAPS =
            Parameter.list("canonical_maps", "").doc("Tables that rewrite senders and recipients.");

    static final Parameter<List<String>> SENDER_CANONICAL_MAPS =
            Parameter.list("sender_canonical_maps", "").doc("Tables that rewrite senders, before canonical_maps.");

    static final Parameter<List<String>> RECIPIENT_CANONICAL_MAPS = Parameter.list("recipient_canonical_maps", "")
            .doc("Tables that rewrite recipients, before canonical_maps.");

    static final Parameter<List<String>> CANONICAL_CLASSES = Parameter.list(
                    "canonical_classes", "envelope_sender, envelope_recipient, header_sender, header_recipient")
            .doc("Which addresses canonical_maps rewrite.");

    static final Parameter<List<String>> SENDER_CANONICAL_CLASSES = Parameter.list(
                    "sender_canonical_classes", "envelope_sender, header_sender")
            .doc("Which addresses sender_canonical_maps rewrite.");

    static final Parameter<List<String>> RECIPIENT_CANONICAL_CLASSES = Parameter.list(
                    "recipient_canonical_classes", "envelope_recipient, header_recipient")
            .doc("Which addresses recipient_canonical_maps rewrite.");

    public static final List<Parameter<?>> PARAMETERS = Stream.of(
                    List.of(
                            CANONICAL_MAPS,
                            SENDER_CANONICAL_MAPS,
                            RECIPIENT_CANONICAL_MAPS,
                            CANONICAL_CLASSES,
                            SENDER_CANONICAL_CLASSES,
                            RECIPIENT_CANONICAL_CLASSES),
                    Masquerade.PARAMETERS,
                    Extensions.PARAMETERS)
            .<Parameter<?>>flatMap(List::stream)
            .toList();

    private static final int DEEPEST = 10;

    /// Where an address stands.
    public enum Place {
        ENVELOPE_SENDER,
        ENVELOPE_RECIPIENT,
        HEADER_SENDER,
        HEADER_RECIPIENT;

        private final String word = name().toLowerCase(Locale.ROOT);

        String word() {
            return word;
        }
    }

    private record Step(String maps, Set<String> classes, AddressMap map) {}

    private final List<Step> steps;
    private final Masquerade masquerade;

    public Canonical(MainCf conf, Tables tables, LocalDomains local) {
        StandardForm form = new StandardForm(conf);
        boolean propagates = Extensions.propagatedBy(conf, "canonical");
        steps = Stream.of(
                        List.of(SENDER_CANONICAL_MAPS, SENDER_CANONICAL_CLASSES),
                        List.of(RECIPIENT_CANONICAL_MAPS, RECIPIENT_CANONICAL_CLASSES),
                        List.of(CANONICAL_MAPS, CANONICAL_CLASSES))
                .map(pair -> new Step(
                        pair.getFirst().name(),
                        Set.copyOf(conf.get(pair.getLast())),
                        new AddressMap(local.lookup(tables.open(pair.getFirst())), form, propagates)))
                .toList();
        masquerade = new Masquerade(conf, tables);
    }

    /// The address as it goes on.
    public Rewritten rewrite(Place place, Address address) {
        Address current = address;
        for (Step step : steps) {
            if (step.classes.contains(place.word())) {
                switch (rewrite(step, current)) {
                    case Rewritten.TempFail fail -> {
                        return fail;
                    }
                    case Rewritten.To(Address to) -> current = to;
                }
            }
        }
        return masquerade.rewrite(place, current);
    }

    /// Again and again, until the table does not have the result or gives it back. A circle ends after ten
    /// rounds where it then is, as in Postfix.
    private static Rewritten rewrite(Step step, Address address) {
        Address current = address;
        for (int depth = 0; depth < DEEPEST; depth++) {
            switch (step.map.all(current)) {
                case AddressMap.Result.TempFail(String reason) -> {
                    return new Rewritten.TempFail(step.maps + " map lookup problem: " + reason);
                }
                case AddressMap.Result.NotFound() -> {
                    return new Rewritten.To(current);
                }
                case AddressMap.Result.To(List<Address> to) -> {
                    boolean same = to.getFirst().key().equals(current.key());
                    current = to.getFirst();
                    if (same) {
                        return new Rewritten.To(current);
                    }
                }
            }
        }
        return new Rewritten.To(current);
    }
}
