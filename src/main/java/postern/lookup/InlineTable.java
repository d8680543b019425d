package postern.lookup;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import postern.config.ConfigException;

/// `inline:{ key=value, { key = text with spaces } }`.
record InlineTable(String name, Map<String, String> entries) implements Table {
    static Table open(String spec, String name, Tables tables) {
        if (!name.startsWith("{") || !name.endsWith("}")) {
            throw new ConfigException("bad table syntax: \"" + spec + "\"; expecting \"inline:{name=value...}\"");
        }
        Map<String, String> entries = new HashMap<>();
        for (String member : members(Braces.strip(name))) {
            String text = Braces.strip(member);
            int equals = text.indexOf('=');
            if (equals < 0) {
                throw new ConfigException(spec + ": \"" + text + "\" is not of the form name=value");
            }
            String key = text.substring(0, equals).strip();
            entries.put(key.toLowerCase(Locale.ROOT), text.substring(equals + 1).strip());
        }
        return new InlineTable(spec, Map.copyOf(entries));
    }

    /// Members between commas and white space, braces keeping together.
    static List<String> members(String text) {
        List<String> members = new ArrayList<>();
        StringBuilder member = new StringBuilder();
        int depth = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (depth == 0 && (c == ',' || Character.isWhitespace(c))) {
                if (!member.isEmpty()) {
                    members.add(member.toString());
                    member.setLength(0);
                }
                continue;
            }
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            member.append(c);
        }
        if (!member.isEmpty()) {
            members.add(member.toString());
        }
        return members;
    }

    @Override
    public Lookup find(String key) {
        return Lookup.of(entries.get(key.toLowerCase(Locale.ROOT)));
    }
}
