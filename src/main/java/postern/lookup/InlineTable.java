package postern.lookup;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import postern.config.ConfigException;

/// `inline:{ key=value, { key = text with spaces } }`: of several values for one key the last counts.
record InlineTable(String name, Map<String, String> entries) implements Table {
    static Table open(String spec, String name, Tables tables) {
        Map<String, String> entries = new HashMap<>();
        for (String member : Braces.members(inside(spec, name))) {
            String text = member.startsWith("{") ? Braces.inside(member).trim() : member;
            int equals = text.indexOf('=');
            String key = equals < 0 ? "" : text.substring(0, equals).trim();
            if (equals < 0 || (!key.startsWith("\"") && key.chars().anyMatch(TableLines::isSpace))) {
                throw new ConfigException(
                        "missing '=' after attribute name: \"" + spec + "\"; need \"inline:{name=value...}\"");
            }
            entries.put(key.toLowerCase(Locale.ROOT), text.substring(equals + 1).trim());
        }
        if (entries.isEmpty()) {
            throw new ConfigException("empty table: \"" + spec + "\"; need \"inline:{name=value...}\"");
        }
        return new InlineTable(spec, Map.copyOf(entries));
    }

    private static String inside(String spec, String name) {
        try {
            return Braces.inside(name);
        } catch (ConfigException e) {
            throw new ConfigException("bad syntax: \"" + spec + "\"; need \"inline:{name=value...}\"", e);
        }
    }

    @Override
    public Lookup find(String key) {
        return Lookup.of(entries.get(key.toLowerCase(Locale.ROOT)));
    }

    @Override
    public Stream<String> results() {
        return entries.values().stream();
    }
}
