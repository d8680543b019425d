package postern.lookup;

import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// `hash:`, `btree:`, `lmdb:`, `texthash:` …: a text file of `key value` lines, as postmap(1) reads it. The
/// files that postmap makes of it (`relay.db`, `relay.lmdb`) are never looked at.
///
/// Keys are folded to lower case. A key with spaces stands in double quotes, which belong to the key. Of
/// several lines with one key the first counts. What postmap warns of and leaves out, we do too.
record TextTable(String name, Watched<CompactMap> entries) implements Table {

    static Table open(String spec, String name, Tables tables) {
        Path file = tables.context().conf().file(name);
        return new TextTable(
                spec,
                Watched.open(file, tables.context(), (bytes, warnings) -> compile(bytes, file.toString(), warnings)));
    }

    static CompactMap compile(byte[] bytes, String file, Consumer<String> warnings) {
        CompactMap.Builder entries = new CompactMap.Builder();
        TableLines.read(bytes, file, warnings, (line, number) -> {
            String problem = add(entries, line);
            if (!problem.isEmpty()) {
                warnings.accept(file + ", line " + number + ": " + problem);
            }
        });
        return entries.build();
    }

    /// Returns what is wrong with the line, or nothing.
    private static String add(CompactMap.Builder entries, String line) {
        int end = endOfKey(line);
        if (end < 0) {
            return "unbalanced '\"' in '" + line + "' -- ignoring this line";
        }
        String key = line.substring(0, end);
        String value = line.substring(end).trim();
        if (key.isEmpty() || value.isEmpty()) {
            return "expected format: key whitespace value -- ignoring this line";
        }
        if (!entries.put(key.toLowerCase(Locale.ROOT), value)) {
            return "duplicate entry: \"" + key + "\"";
        }
        return key.endsWith(":") ? "record is in \"key: value\" format; is this an alias file?" : "";
    }

    /// Where the key ends: at white space outside of double quotes and not after a backslash; -1 when a quote is
    /// not closed.
    private static int endOfKey(String line) {
        boolean quoted = false;
        int i = 0;
        for (; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && TableLines.isSpace(c)) {
                break;
            }
        }
        return quoted ? -1 : Math.min(i, line.length());
    }

    @Override
    public Lookup find(String key) {
        String folded = key.toLowerCase(Locale.ROOT);
        return entries.ask(map -> Lookup.of(map.get(folded)));
    }

    @Override
    public Stream<String> results() {
        CompactMap now = entries.now();
        return now == null ? Stream.empty() : now.values();
    }
}
