package postern.lookup;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;

/// A table of aliases(5): lines of `name: value, value`, as postalias(1) reads them.
record AliasTable(String name, Contents<CompactMap> entries) implements Table {
    private static final Set<String> FILES = Set.of("hash", "btree", "lmdb", "dbm", "cdb", "sdbm", "texthash");

    /// Any other kind of table is what it always is.
    static Table open(String spec, Tables tables) {
        String plain = spec.startsWith("proxy:") ? spec.substring("proxy:".length()) : spec;
        int colon = plain.indexOf(':');
        if (colon < 0 || !FILES.contains(plain.substring(0, colon))) {
            return tables.open(spec);
        }
        Path file = tables.context().conf().file(plain.substring(colon + 1));
        return new AliasTable(
                spec,
                Watched.openIfThere(
                        file, tables.context(), (bytes, warnings) -> compile(bytes, file.toString(), warnings)));
    }

    private static CompactMap compile(byte[] bytes, String file, Consumer<String> warnings) {
        CompactMap.Builder entries = new CompactMap.Builder();
        TableLines.read(bytes, file, warnings, (line, number) -> {
            int colon = endOfName(line);
            String key = colon < 0 ? "" : unquoted(line.substring(0, colon).trim());
            String value = colon < 0 ? "" : line.substring(colon + 1).trim();
            if (key.isEmpty() || value.isEmpty()) {
                warnings.accept(file + ", line " + number + ": need name:value pair");
            } else if (!entries.put(key.toLowerCase(Locale.ROOT), value)) {
                warnings.accept(file + ", line " + number + ": duplicate entry: \"" + key + "\"");
            }
        });
        return entries.build();
    }

    /// The colon behind the name, which may be quoted.
    private static int endOfName(String line) {
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ':' && !quoted) {
                return i;
            }
        }
        return -1;
    }

    private static String unquoted(String name) {
        return name.length() > 1 && name.startsWith("\"") && name.endsWith("\"")
                ? name.substring(1, name.length() - 1).replaceAll("\\\\(.)", "$1")
                : name;
    }

    @Override
    public Lookup find(String key) {
        String folded = key.toLowerCase(Locale.ROOT);
        return entries.ask(map -> Lookup.of(map.get(folded)));
    }
}
