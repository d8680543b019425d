package postern.rewrite;

import java.util.List;
import postern.address.Domain;
import postern.config.Parameter;
import postern.lookup.Lookup;
import postern.lookup.MatchList;
import postern.lookup.Tables;
import postern.rewrite.Resolved.AddressClass;

/// Of which class a domain is, in Postfix's order: local, virtual alias, virtual mailbox, relay, default.
public final class AddressClasses {
    static final Parameter<List<String>> VIRTUAL_ALIAS_DOMAINS = Parameter.list(
                    "virtual_alias_domains", "$virtual_alias_maps")
            .doc("Domains whose every address is an alias.");

    static final Parameter<List<String>> VIRTUAL_MAILBOX_DOMAINS = Parameter.list(
                    "virtual_mailbox_domains", "$virtual_mailbox_maps")
            .doc("Domains delivered by $virtual_transport.");

    static final Parameter<List<String>> RELAY_DOMAINS = Parameter.list(
                    "relay_domains", "${{$compatibility_level} <level {2} ? {$mydestination} : {}}")
            .doc("Domains relayed by $relay_transport, for anyone.");

    public static final List<Parameter<?>> PARAMETERS =
            List.of(VIRTUAL_ALIAS_DOMAINS, VIRTUAL_MAILBOX_DOMAINS, RELAY_DOMAINS);

    /// The class, or that a list could not be asked.
    public sealed interface Answer {
        record In(AddressClass addressClass) implements Answer {}

        record TempFail(String reason) implements Answer {}
    }

    private record Listed(AddressClass addressClass, String name, MatchList list) {}

    private final LocalDomains local;
    private final List<Listed> lists;

    AddressClasses(Tables tables, LocalDomains local) {
        this.local = local;
        lists = List.of(
                listed(AddressClass.VIRTUAL_ALIAS, VIRTUAL_ALIAS_DOMAINS, tables.names(VIRTUAL_ALIAS_DOMAINS)),
                listed(AddressClass.VIRTUAL_MAILBOX, VIRTUAL_MAILBOX_DOMAINS, tables.names(VIRTUAL_MAILBOX_DOMAINS)),
                listed(AddressClass.RELAY, RELAY_DOMAINS, tables.domains(RELAY_DOMAINS)));
    }

    private static Listed listed(AddressClass addressClass, Parameter<?> parameter, MatchList list) {
        return new Listed(addressClass, parameter.name(), list);
    }

    Answer of(Domain domain) {
        return switch (local.isLocal(domain)) {
            case Lookup.Found found -> new Answer.In(AddressClass.LOCAL);
            case Lookup.TempFail(String reason) ->
                new Answer.TempFail(LocalDomains.MYDESTINATION + " lookup failure: " + reason);
            case Lookup.NotFound() -> ofOther(domain);
        };
    }

    /// The class of a domain that is not local.
    Answer ofOther(Domain domain) {
        for (Listed listed : lists) {
            switch (listed.list.match(domain.text())) {
                case Lookup.NotFound() -> {}
                case Lookup.Found found -> {
                    return new Answer.In(listed.addressClass);
                }
                case Lookup.TempFail(String reason) -> {
                    return new Answer.TempFail(listed.name + " lookup failure: " + reason);
                }
            }
        }
        return new Answer.In(AddressClass.DEFAULT);
    }
}
