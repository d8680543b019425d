package postern.lookup;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import postern.config.ConfigException;

/// The table types: one row each. A new type is one file and one row here; one that needs a library that only
/// one role has is given to that role's [Tables].
public final class TableTypes {
    /// Opens a table of one type.
    @FunctionalInterface
    public interface Type {
        /// @param spec the whole `type:name`
        /// @param name what follows the colon
        /// @throws ConfigException when it cannot be used; the message names the table, and file and line
        Table open(String spec, String name, Tables tables);
    }

    private static final Map<String, Type> TYPES = Map.ofEntries(
            Map.entry("hash", TextTable::open),
            Map.entry("btree", TextTable::open),
            Map.entry("lmdb", TextTable::open),
            Map.entry("dbm", TextTable::open),
            Map.entry("cdb", TextTable::open),
            Map.entry("sdbm", TextTable::open),
            Map.entry("texthash", TextTable::open),
            Map.entry("inline", InlineTable::open),
            Map.entry("static", StaticTable::open),
            Map.entry("cidr", CidrTable::open),
            Map.entry("regexp", ExpressionTable::regexp),
            Map.entry("pcre", ExpressionTable::pcre),
            Map.entry("unionmap", UnionTable::open),
            Map.entry("pipemap", PipeTable::open),
            Map.entry("randmap", RandomTable::open),
            Map.entry("socketmap", SocketmapTable::open),
            Map.entry("unix", UnixTable::open),
            Map.entry("fail", FailTable::open));

    private TableTypes() {}

    /// Opens `type:name`. A `proxy:` in front is dropped: there is no proxymap here, each table is read once
    /// for all.
    ///
    /// @throws ConfigException when the type is unknown, or the table cannot be read
    static Table open(String spec, Tables tables) {
        String rest = spec;
        while (rest.startsWith("proxy:")) {
            rest = rest.substring("proxy:".length());
        }
        int colon = rest.indexOf(':');
        if (colon < 0 || colon == rest.length() - 1) {
            throw new ConfigException("open dictionary: expecting \"type:name\" form instead of \"" + spec + "\"");
        }
        String word = rest.substring(0, colon);
        Type type = tables.more().getOrDefault(word, TYPES.get(word));
        if (type == null) {
            throw new ConfigException("unsupported table type \"" + word + "\" in \"" + spec + "\"; supported are: "
                    + String.join(", ", known(tables)));
        }
        return type.open(rest, rest.substring(colon + 1), tables);
    }

    private static Set<String> known(Tables tables) {
        Set<String> words = new TreeSet<>(TYPES.keySet());
        words.addAll(tables.more().keySet());
        return words;
    }
}
