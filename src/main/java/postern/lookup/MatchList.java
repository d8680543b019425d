package postern.lookup;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import postern.config.ConfigException;
import postern.config.Parameter;

/// A list of words, `/file/name`s and `type:table`s, any of them after `!`: the first that matches decides
/// (`relay_domains`, `mydestination`, `debug_peer_list`, `smtpd_…_exceptions`).
public final class MatchList {
    static final Parameter<List<String>> PARENT_DOMAIN_MATCHES_SUBDOMAINS = Parameter.list(
                    "parent_domain_matches_subdomains",
                    "debug_peer_list,fast_flush_domains,mynetworks,permit_mx_backup_networks,qmqpd_authorized_clients,relay_domains,smtpd_access_maps")
            .doc("lists and tables in which `example.com` also matches what is below it; in others that takes"
                    + " `.example.com`");

    public static final List<Parameter<?>> PARAMETERS = List.of(PARENT_DOMAIN_MATCHES_SUBDOMAINS);

    /// What matches the names below a domain.
    public enum Parents {
        /// Nothing: a name matches itself.
        NONE,
        /// The domain itself, `example.com`.
        PLAIN,
        /// The domain after a dot, `.example.com`.
        DOTTED
    }

    private record Item(
            String word, boolean negated, @Nullable Table table) {}

    private final List<Item> items = new ArrayList<>();
    private final Parents parents;

    /// @param where for errors: `main.cf:12: relay_domains`
    public MatchList(String where, List<String> members, Parents parents, Tables tables) {
        this.parents = parents;
        for (String member : members) {
            boolean negated = false;
            String word = member;
            while (word.startsWith("!")) {
                negated = !negated;
                word = word.substring(1);
            }
            boolean isTable = word.indexOf(':') > 0 && !word.startsWith("[");
            try {
                items.add(new Item(
                        isTable ? word : word.toLowerCase(Locale.ROOT), negated, isTable ? tables.open(word) : null));
            } catch (ConfigException e) {
                throw new ConfigException(where + ": " + e.getMessage(), e);
            }
        }
    }

    /// Whether a name is in the list: Found, with the member that matched, or NotFound.
    public Lookup match(String name) {
        String key = name.toLowerCase(Locale.ROOT);
        for (Item item : items) {
            Lookup answer = item.table == null
                    ? (wordMatches(item.word, key) ? new Lookup.Found(item.word) : Lookup.NOT_FOUND)
                    : inTable(item.table, key);
            switch (answer) {
                case Lookup.NotFound() -> {}
                case Lookup.Found found -> {
                    return item.negated ? Lookup.NOT_FOUND : found;
                }
                case Lookup.TempFail fail -> {
                    return fail;
                }
            }
        }
        return Lookup.NOT_FOUND;
    }

    private boolean wordMatches(String word, String key) {
        return switch (parents) {
            case NONE -> word.equals(key);
            case PLAIN -> word.equals(key) || key.endsWith("." + word);
            case DOTTED -> word.equals(key) || (word.startsWith(".") && key.endsWith(word));
        };
    }

    private Lookup inTable(Table table, String key) {
        return DomainLookup.find(table, key, true, parents);
    }
}
