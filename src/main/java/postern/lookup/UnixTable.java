package postern.lookup;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import postern.config.ConfigException;

/// `unix:passwd.byname` and `unix:group.byname`: the lines of `/etc/passwd` and `/etc/group` by their names.
/// Name services behind them (LDAP, NIS) are not asked.
record UnixTable(String name, Contents<CompactMap> entries) implements Table {
    static Table open(String spec, String name, Tables tables) {
        Path file = switch (name) {
            case "passwd.byname" -> Path.of("/etc/passwd");
            case "group.byname" -> Path.of("/etc/group");
            default ->
                throw new ConfigException(
                        "unknown table: " + spec + "; supported are unix:passwd.byname and unix:group.byname");
        };
        return new UnixTable(spec, Watched.open(file, tables.context(), (bytes, warnings) -> compile(bytes)));
    }

    private static CompactMap compile(byte[] bytes) {
        CompactMap.Builder entries = new CompactMap.Builder();
        new String(bytes, StandardCharsets.UTF_8).lines().forEach(line -> {
            int colon = line.indexOf(':');
            if (colon > 0) {
                entries.put(line.substring(0, colon).toLowerCase(Locale.ROOT), line);
            }
        });
        return entries.build();
    }

    @Override
    public Lookup find(String key) {
        String folded = key.toLowerCase(Locale.ROOT);
        return entries.ask(map -> Lookup.of(map.get(folded)));
    }
}
