package postern.rewrite;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.config.ConfigException;
import postern.config.MainCf;
import postern.config.Parameter;
import postern.lookup.AddressLookup;
import postern.lookup.Lookup;
import postern.lookup.Table;
import postern.lookup.Tables;
import postern.rewrite.Resolved.AddressClass;

/// Which addresses are known (`reject_unlisted_recipient`, `reject_unlisted_sender`): those in a canonical or
/// alias table, and those in the table of their class. A class whose parameter is empty knows all.
final class ListedAddresses {
    static final Parameter<List<String>> LOCAL_RECIPIENT_MAPS = Parameter.list(
                    "local_recipient_maps", "proxy:unix:passwd.byname $alias_maps")
            .doc("Tables of the users in mydestination; empty: all are known.");

    static final Parameter<List<String>> ALIAS_MAPS = Parameter.list(
                    "alias_maps", "hash:/etc/aliases, nis:mail.aliases")
            .doc("Alias files; here only local_recipient_maps, when it names them, looks into them.");

    static final Parameter<List<String>> RELAY_RECIPIENT_MAPS = Parameter.list("relay_recipient_maps", "")
            .doc("Tables of the addresses in relay_domains; empty: all are known.");

    static final Parameter<List<String>> VIRTUAL_MAILBOX_MAPS = Parameter.list("virtual_mailbox_maps", "")
            .doc("Tables of the addresses in virtual_mailbox_domains; empty: all are known.");

    static final Parameter<Boolean> SHOW_USER_UNKNOWN_TABLE_NAME =
            Parameter.bool("show_user_unknown_table_name", "yes").doc("Whether a refusal names the table.");

    static final List<Parameter<?>> PARAMETERS = List.of(
            LOCAL_RECIPIENT_MAPS, ALIAS_MAPS, RELAY_RECIPIENT_MAPS, VIRTUAL_MAILBOX_MAPS, SHOW_USER_UNKNOWN_TABLE_NAME);

    /// Names that every local domain has, listed or not.
    private static final Set<String> ALWAYS_LOCAL = Set.of("postmaster", "mailer-daemon", "double-bounce");

    /// @param lookup null when the parameter is empty
    private record ClassMaps(@Nullable AddressLookup lookup, String name) {}

    private final Tables tables;
    private final boolean namesTable;
    private final List<AddressLookup> forRecipients;
    private final List<AddressLookup> forSenders;
    private final Map<AddressClass, ClassMaps> byClass;

    ListedAddresses(MainCf conf, Tables tables, LocalDomains local) {
        this.tables = tables;
        namesTable = conf.get(SHOW_USER_UNKNOWN_TABLE_NAME);
        forRecipients = lookups(
                local, Canonical.RECIPIENT_CANONICAL_MAPS, Canonical.CANONICAL_MAPS, VirtualAlias.VIRTUAL_ALIAS_MAPS);
        forSenders = Stream.concat(forRecipients.stream(), lookups(local, Canonical.SENDER_CANONICAL_MAPS).stream())
                .toList();
        List<String> users = conf.get(LOCAL_RECIPIENT_MAPS);
        byClass = Map.of(
                AddressClass.LOCAL,
                new ClassMaps(users.isEmpty() ? null : local.lookup(users(conf, users)), "local recipient"),
                AddressClass.VIRTUAL_MAILBOX,
                new ClassMaps(lookup(conf, local, VIRTUAL_MAILBOX_MAPS), "virtual mailbox"),
                AddressClass.RELAY,
                new ClassMaps(lookup(conf, local, RELAY_RECIPIENT_MAPS), "relay recipient"));
    }

    @SafeVarargs
    private List<AddressLookup> lookups(LocalDomains local, Parameter<List<String>>... parameters) {
        return Stream.of(parameters)
                .map(parameter -> local.lookup(tables.open(parameter)))
                .toList();
    }

    private @Nullable AddressLookup lookup(MainCf conf, LocalDomains local, Parameter<List<String>> parameter) {
        return conf.get(parameter).isEmpty() ? null : local.lookup(tables.open(parameter));
    }

    /// The tables of local users, alias files among them. Postfix's default names an NIS table, which nobody has.
    private Table users(MainCf conf, List<String> specs) {
        List<String> aliases = conf.get(ALIAS_MAPS);
        boolean isDefault = !conf.isSet(ALIAS_MAPS.name());
        try {
            return Tables.inTurn(specs.stream()
                    .filter(spec -> !(isDefault && spec.startsWith("nis:")))
                    .map(spec -> aliases.contains(spec) ? tables.openAliases(spec) : tables.open(spec))
                    .toList());
        } catch (ConfigException e) {
            throw conf.error(LOCAL_RECIPIENT_MAPS.name(), e.getMessage(), e);
        }
    }

    Listing recipient(Resolved resolved) {
        return listing(resolved, forRecipients);
    }

    Listing sender(Resolved resolved) {
        return listing(resolved, forSenders);
    }

    private Listing listing(Resolved resolved, List<AddressLookup> rewriting) {
        return switch (resolved) {
            case Resolved.TempFail(String reason) -> new Listing.TempFail(reason);
            case Resolved.To to -> {
                for (AddressLookup lookup : rewriting) {
                    Lookup answer = lookup.find(to.recipient());
                    if (!(answer instanceof Lookup.NotFound)) {
                        yield listing(answer, Listing.LISTED);
                    }
                }
                yield inClass(to);
            }
        };
    }

    private Listing inClass(Resolved.To to) {
        if (to.transport().equals(Resolved.ERROR) || to.transport().equals("retry")) {
            return new Listing.Unlisted(to.addressClass(), to.transport(), to.nextHop());
        }
        ClassMaps maps = byClass.get(to.addressClass());
        if (maps == null || maps.lookup == null || isAlwaysThere(to)) {
            return Listing.LISTED;
        }
        String text = "5.1.1 User unknown" + (namesTable ? " in " + maps.name + " table" : "");
        return listing(maps.lookup.find(to.recipient()), new Listing.Unlisted(to.addressClass(), "", text));
    }

    private static boolean isAlwaysThere(Resolved.To to) {
        Address recipient = to.recipient();
        return to.addressClass() == AddressClass.LOCAL
                && ALWAYS_LOCAL.contains(recipient.localPart().toLowerCase(Locale.ROOT));
    }

    private static Listing listing(Lookup answer, Listing otherwise) {
        return switch (answer) {
            case Lookup.Found found -> Listing.LISTED;
            case Lookup.NotFound() -> otherwise;
            case Lookup.TempFail(String reason) -> new Listing.TempFail(reason);
        };
    }
}
