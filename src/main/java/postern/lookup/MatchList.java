package postern.lookup;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import postern.config.ConfigException;
import postern.config.Parameter;

/// A list of words, `/file/name`s and `type:table`s, any of them after `!`: the first that matches decides
/// (`relay_domains`, `mydestination`, `debug_peer_list`, `smtpd_…_exceptions`). A file's members stand where it
/// is named; it is read again when it has changed.
public final class MatchList {
    static final Parameter<List<String>> PARENT_DOMAIN_MATCHES_SUBDOMAINS = Parameter.list(
                    "parent_domain_matches_subdomains",
                    "debug_peer_list,fast_flush_domains,mynetworks,permit_mx_backup_networks,qmqpd_authorized_clients,relay_domains,smtpd_access_maps")
            .doc("Lists and tables in which example.com also matches what is below it; in others .example.com does.");

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

    private sealed interface Item {
        boolean negated();

        /// @param network null when the word is no address or address block
        record Word(String word, @Nullable Network network, boolean negated) implements Item {}

        record InTable(Table table, boolean negated) implements Item {}

        record InFile(Contents<List<Item>> items, boolean negated) implements Item {}
    }

    private final List<Item> items;
    private final Parents parents;
    private final Tables tables;

    /// @param where for errors: `main.cf:12: relay_domains`
    MatchList(String where, List<String> members, Parents parents, Tables tables) {
        this.parents = parents;
        this.tables = tables;
        try {
            this.items = items(members);
        } catch (ConfigException e) {
            throw new ConfigException(where + ": " + e.getMessage(), e);
        }
    }

    private List<Item> items(List<String> members) {
        List<Item> made = new ArrayList<>();
        for (String member : members) {
            int bangs = 0;
            while (bangs < member.length() && member.charAt(bangs) == '!') {
                bangs++;
            }
            String word = member.substring(bangs);
            if (word.isEmpty()) {
                throw new ConfigException("no pattern after '!'");
            }
            made.add(item(word, bangs % 2 == 1));
        }
        return List.copyOf(made);
    }

    private Item item(String word, boolean negated) {
        if (word.startsWith("/")) {
            Contents<List<Item>> members = Watched.open(
                    tables.context().conf().file(word), tables.context(), (bytes, warnings) -> items(words(bytes)));
            return new Item.InFile(members, negated);
        }
        if (word.indexOf(':') >= 0 && !word.startsWith("[")) {
            return new Item.InTable(tables.open(word), negated);
        }
        return new Item.Word(word.toLowerCase(Locale.ROOT), network(word), negated);
    }

    /// The words of a list's file: a line is a comment when it begins with `#`.
    private static List<String> words(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.startsWith("#"))
                .flatMap(line -> Braces.members(line).stream())
                .toList();
    }

    private static @Nullable Network network(String word) {
        try {
            return Network.parse(word);
        } catch (IllegalArgumentException e) {
            boolean meant =
                    word.startsWith("[") || word.chars().allMatch(c -> (c >= '0' && c <= '9') || c == '.' || c == '/');
            if (meant && word.indexOf('/') >= 0) {
                throw new ConfigException(e.getMessage() == null ? word : e.getMessage(), e);
            }
            return null;
        }
    }

    /// Whether a name is in the list: Found, with the member that matched, or NotFound.
    public Lookup match(String name) {
        Lookup decision = decide(items, false, name.toLowerCase(Locale.ROOT), "");
        return decision == null ? Lookup.NOT_FOUND : decision;
    }

    /// Whether a client is in the list, by its name or by its address.
    public Lookup match(String name, String address) {
        Lookup decision = decide(items, false, name.toLowerCase(Locale.ROOT), address);
        return decision == null ? Lookup.NOT_FOUND : decision;
    }

    /// What the first matching item says; null when none matches.
    private @Nullable Lookup decide(List<Item> list, boolean turned, String name, String address) {
        for (int i = 0; i < list.size(); i++) {
            Item item = list.get(i);
            boolean negated = item.negated() != turned;
            Lookup decision = switch (item) {
                case Item.Word word -> decision(matches(word, name, address), negated);
                case Item.InTable(Table table, boolean _) -> decision(inTable(table, name, address), negated);
                case Item.InFile(Contents<List<Item>> file, boolean _) -> {
                    List<Item> inside = file.now();
                    yield inside == null ? new Lookup.TempFail(file.problem()) : decide(inside, negated, name, address);
                }
            };
            if (decision != null) {
                return decision;
            }
        }
        return null;
    }

    private static @Nullable Lookup decision(Lookup answer, boolean negated) {
        return switch (answer) {
            case Lookup.NotFound() -> null;
            case Lookup.Found found -> negated ? Lookup.NOT_FOUND : found;
            case Lookup.TempFail fail -> fail;
        };
    }

    private Lookup matches(Item.Word item, String name, String address) {
        boolean matches = nameMatches(item.word, name)
                || (item.network != null && !address.isEmpty() && item.network.contains(IpText.parse(address)));
        return matches ? new Lookup.Found(item.word) : Lookup.NOT_FOUND;
    }

    private boolean nameMatches(String word, String name) {
        return word.equals(name)
                || switch (parents) {
                    case NONE -> false;
                    case PLAIN -> name.endsWith("." + word);
                    case DOTTED -> word.startsWith(".") && name.endsWith(word);
                };
    }

    private Lookup inTable(Table table, String name, String address) {
        Lookup answer = name.isEmpty() ? Lookup.NOT_FOUND : DomainLookup.find(table, name, true, parents);
        return answer instanceof Lookup.NotFound && !address.isEmpty() ? table.find(address) : answer;
    }
}
