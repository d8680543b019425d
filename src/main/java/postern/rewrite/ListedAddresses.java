package postern.rewrite;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.config.MainCf;
import postern.config.Parameter;
import postern.lookup.AddressLookup;
import postern.lookup.Lookup;
import postern.lookup.Tables;
import postern.rewrite.Resolved.AddressClass;

/// Which addresses are known (`reject_unlisted_recipient`, `reject_unlisted_sender`): those in a canonical or
/// alias table, and those in the table of their class. A class whose parameter is empty knows all.
final class ListedAddresses {
    static final Parameter<List<String>> LOCAL_RECIPIENT_MAPS = Parameter.list(
                    "local_recipient_maps", "proxy:unix:passwd.byname $alias_maps")
            .doc("tables of the users in mydestination; empty: all are accepted");

    static final Parameter<List<String>> RELAY_RECIPIENT_MAPS = Parameter.list("relay_recipient_maps", "")
            .doc("tables of the addresses in relay_domains; empty: all are accepted");

    static final Parameter<List<String>> VIRTUAL_MAILBOX_MAPS = Parameter.list("virtual_mailbox_maps", "")
            .doc("tables of the addresses in virtual_mailbox_domains; empty: all are accepted");

    static final Parameter<Boolean> SHOW_USER_UNKNOWN_TABLE_NAME =
            Parameter.bool("show_user_unknown_table_name", "yes").doc("whether a refusal names the table");

    static final List<Parameter<?>> PARAMETERS =
            List.of(LOCAL_RECIPIENT_MAPS, RELAY_RECIPIENT_MAPS, VIRTUAL_MAILBOX_MAPS, SHOW_USER_UNKNOWN_TABLE_NAME);

    /// Names that every local domain has, listed or not.
    private static final Set<String> ALWAYS_LOCAL = Set.of("postmaster", "mailer-daemon", "double-bounce");

    private record ClassMaps(AddressLookup lookup, String name) {}

    private final MainCf conf;
    private final List<AddressLookup> forRecipients;
    private final List<AddressLookup> forSenders;
    private final Map<AddressClass, ClassMaps> byClass;

    ListedAddresses(MainCf conf, Tables tables, LocalDomains local) {
        this.conf = conf;
        AddressLookup canonical = lookup(Canonical.CANONICAL_MAPS, tables, local);
        AddressLookup recipientCanonical = lookup(Canonical.RECIPIENT_CANONICAL_MAPS, tables, local);
        AddressLookup senderCanonical = lookup(Canonical.SENDER_CANONICAL_MAPS, tables, local);
        AddressLookup virtual = lookup(VirtualAlias.VIRTUAL_ALIAS_MAPS, tables, local);
        forRecipients = List.of(recipientCanonical, canonical, virtual);
        forSenders = List.of(recipientCanonical, senderCanonical, canonical, virtual);
        Map<AddressClass, ClassMaps> maps = new java.util.EnumMap<>(AddressClass.class);
        add(maps, AddressClass.LOCAL, LOCAL_RECIPIENT_MAPS, "local recipient", tables, local);
        add(maps, AddressClass.VIRTUAL_MAILBOX, VIRTUAL_MAILBOX_MAPS, "virtual mailbox", tables, local);
        add(maps, AddressClass.RELAY, RELAY_RECIPIENT_MAPS, "relay recipient", tables, local);
        byClass = maps;
    }

    private void add(
            Map<AddressClass, ClassMaps> maps,
            AddressClass addressClass,
            Parameter<List<String>> parameter,
            String name,
            Tables tables,
            LocalDomains local) {
        if (!conf.get(parameter).isEmpty()) {
            maps.put(addressClass, new ClassMaps(lookup(parameter, tables, local), name));
        }
    }

    private AddressLookup lookup(Parameter<List<String>> parameter, Tables tables, LocalDomains local) {
        return new AddressLookup(tables.open(parameter), conf.get(Routes.RECIPIENT_DELIMITER), local::isLocalOrOrigin);
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
                    Listing listing = listing(lookup.find(to.recipient()), null);
                    if (listing != null) {
                        yield listing;
                    }
                }
                yield inClass(to);
            }
        };
    }

    private Listing inClass(Resolved.To to) {
        if (to.transport().equals("error") || to.transport().equals("retry")) {
            return new Listing.Unlisted(to.addressClass(), to.transport(), to.nextHop());
        }
        ClassMaps maps = byClass.get(to.addressClass());
        if (maps == null
                || (to.addressClass() == AddressClass.LOCAL
                        && ALWAYS_LOCAL.contains(to.recipient().localPart().toLowerCase(Locale.ROOT)))) {
            return Listing.LISTED;
        }
        String where = conf.get(SHOW_USER_UNKNOWN_TABLE_NAME) ? " in " + maps.name + " table" : "";
        Listing unlisted = new Listing.Unlisted(to.addressClass(), "", "5.1.1 User unknown" + where);
        Listing listing = listing(maps.lookup.find(to.recipient()), unlisted);
        return listing == null ? unlisted : listing;
    }

    private static @Nullable Listing listing(Lookup answer, @Nullable Listing otherwise) {
        return switch (answer) {
            case Lookup.Found found -> Listing.LISTED;
            case Lookup.NotFound() -> otherwise;
            case Lookup.TempFail(String reason) -> new Listing.TempFail(reason);
        };
    }
}
