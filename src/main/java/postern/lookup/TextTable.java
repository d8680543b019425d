package postern.lookup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import postern.config.ConfigException;

/// `hash:`, `btree:`, `lmdb:`, `texthash:` …: keys and values from the text file.
record TextTable(String name, Map<String, String> entries) implements Table {

    static Table indexed(String spec, String name, Tables tables) {
        return read(spec, tables.context().conf().file(name));
    }

    static Table texthash(String spec, String name, Tables tables) {
        return read(spec, tables.context().conf().file(name));
    }

    private static Table read(String spec, Path file) {
        Map<String, String> entries = new HashMap<>();
        try {
            for (String line : Files.readAllLines(file)) {
                String text = line.strip();
                if (text.isEmpty() || text.startsWith("#")) {
                    continue;
                }
                String[] sides = text.split("\\s+", 2);
                entries.putIfAbsent(sides[0].toLowerCase(Locale.ROOT), sides.length < 2 ? "" : sides[1]);
            }
        } catch (IOException e) {
            throw new ConfigException(spec + ": cannot read " + file, e);
        }
        return new TextTable(spec, entries);
    }

    @Override
    public Lookup find(String key) {
        return Lookup.of(entries.get(key.toLowerCase(Locale.ROOT)));
    }
}
