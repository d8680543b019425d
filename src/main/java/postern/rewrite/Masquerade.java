package postern.rewrite;

import java.util.List;
import java.util.Set;
import postern.address.Address;
import postern.address.Domain;
import postern.config.MainCf;
import postern.config.Parameter;
import postern.lookup.Lookup;
import postern.lookup.MatchList;
import postern.lookup.Tables;

/// Hides hosts behind their domain: `user@host.example.com` becomes `user@example.com`
/// (ADDRESS_REWRITING_README).
final class Masquerade {
    static final Parameter<List<String>> MASQUERADE_DOMAINS = Parameter.list("masquerade_domains", "")
            .doc("Domains whose hosts are hidden behind them; !domain for those that are not.");

    static final Parameter<List<String>> MASQUERADE_EXCEPTIONS =
            Parameter.list("masquerade_exceptions", "").doc("Users whose addresses are left as they are.");

    static final Parameter<List<String>> MASQUERADE_CLASSES = Parameter.list(
                    "masquerade_classes", "envelope_sender, header_sender, header_recipient")
            .doc("Which addresses are masqueraded.");

    static final List<Parameter<?>> PARAMETERS = List.of(MASQUERADE_DOMAINS, MASQUERADE_EXCEPTIONS, MASQUERADE_CLASSES);

    private final List<String> domains;
    private final Set<String> classes;
    private final MatchList exceptions;

    Masquerade(MainCf conf, Tables tables) {
        domains = conf.get(MASQUERADE_DOMAINS);
        classes = Set.copyOf(conf.get(MASQUERADE_CLASSES));
        exceptions = tables.names(MASQUERADE_EXCEPTIONS);
    }

    Rewritten rewrite(Canonical.Place place, Address address) {
        Domain domain = address.domain();
        if (domains.isEmpty() || domain == null || !classes.contains(place.word())) {
            return new Rewritten.To(address);
        }
        return switch (exceptions.match(address.localPart())) {
            case Lookup.TempFail(String reason) ->
                new Rewritten.TempFail(MASQUERADE_EXCEPTIONS + " lookup failure: " + reason);
            case Lookup.Found _ -> new Rewritten.To(address);
            case Lookup.NotFound _ -> new Rewritten.To(address.withDomain(hidden(domain)));
        };
    }

    /// The first domain in the list that the address is in decides.
    private Domain hidden(Domain domain) {
        for (String member : domains) {
            int bangs = 0;
            while (bangs < member.length() && member.charAt(bangs) == '!') {
                bangs++;
            }
            Domain parent = new Domain(member.substring(bangs));
            if (!parent.text().isEmpty() && domain.isWithin(parent)) {
                return bangs % 2 == 1 || domain.equals(parent) ? domain : parent;
            }
        }
        return domain;
    }
}
