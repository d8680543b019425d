package postern.lookup;

import java.util.Map;
import java.util.TreeSet;
import postern.config.ConfigException;

/// The table types: one row each. A new type is one file and one row here.
public final class TableTypes {
    /// Opens a table of one type.
    @FunctionalInterface
    interface Type {
        /// @param spec the whole `type:name`
        /// @param name what follows the colon
        /// @throws ConfigException when it cannot be used; the message names the table, and file and line
        Table open(String spec, String name, Tables tables);
    }

    private static final Map<String, Type> TYPES = Map.ofEntries(
            Map.entry("hash", TextTable::indexed),
            Map.entry("btree", TextTable::indexed),
            Map.entry("lmdb", TextTable::indexed),
            Map.entry("dbm", TextTable::indexed),
            Map.entry("cdb", TextTable::indexed),
            Map.entry("texthash", TextTable::texthash),
            Map.entry("inline", InlineTable::open),
            Map.entry("static", StaticTable::open),
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
        if (colon < 0) {
            throw new ConfigException("\"" + spec + "\" is not a table; expecting \"type:name\" form");
        }
        Type type = TYPES.get(rest.substring(0, colon));
        if (type == null) {
            throw new ConfigException("unsupported table type \"" + rest.substring(0, colon) + "\" in \"" + spec
                    + "\"; supported are: " + String.join(", ", new TreeSet<>(TYPES.keySet())));
        }
        return type.open(rest, rest.substring(colon + 1), tables);
    }
}
