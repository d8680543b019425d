package postern.mailauth;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import postern.config.ConfigException;

/// Reads [Ucl].
final class UclParser {
    private static final int DEEPEST = 16;
    private static final String ENDS_WORD = ";,{}[]\"'#=: \t\r\n";

    private final String name;
    private final String text;
    private int at;
    private int line = 1;
    private int depth;

    UclParser(String name, String text) {
        this.name = name;
        this.text = text;
    }

    Ucl.Block file() {
        String origin = origin();
        Map<String, Ucl> members = members();
        if (at < text.length()) {
            throw error("a } without its {");
        }
        return new Ucl.Block(members, origin);
    }

    private String origin() {
        return name + ":" + line;
    }

    private ConfigException error(String message) {
        return new ConfigException(origin() + ": " + message);
    }

    /// Up to the end, or to a `}`, which is not consumed. Blocks of one name are one block.
    private Map<String, Ucl> members() {
        Map<String, Ucl> members = new LinkedHashMap<>();
        for (blanks(); at < text.length() && text.charAt(at) != '}'; separators()) {
            String key = key();
            Ucl value = value();
            Ucl earlier = members.get(key);
            members.put(key, earlier == null ? value : merged(key, earlier, value));
        }
        return members;
    }

    private static Ucl merged(String key, Ucl earlier, Ucl later) {
        if (!(earlier instanceof Ucl.Block first && later instanceof Ucl.Block second)) {
            throw new ConfigException(later.origin() + ": \"" + key + "\" is there already: " + earlier.origin());
        }
        Map<String, Ucl> both = new LinkedHashMap<>(first.members());
        second.members().forEach((name, its) -> {
            Ucl before = both.get(name);
            both.put(name, before == null ? its : merged(name, before, its));
        });
        return new Ucl.Block(both, first.origin());
    }

    private String key() {
        char c = text.charAt(at);
        if (c == '.') {
            throw error("macros (.include and the like) are not supported");
        }
        String key = c == '"' || c == '\'' ? quoted(c) : word(ENDS_WORD);
        if (key.isEmpty()) {
            throw error("a name is missing before \"" + c + "\"");
        }
        blanks();
        if (at < text.length() && (text.charAt(at) == '=' || text.charAt(at) == ':')) {
            at++;
            blanks();
        }
        return key;
    }

    private Ucl value() {
        if (at == text.length()) {
            throw error("a value is missing");
        }
        if (++depth > DEEPEST) {
            throw error("blocks within blocks, more than " + DEEPEST);
        }
        String origin = origin();
        char c = text.charAt(at);
        Ucl value = switch (c) {
            case '{' -> {
                at++;
                Map<String, Ucl> members = members();
                close('}', origin);
                yield new Ucl.Block(members, origin);
            }
            case '[' -> {
                at++;
                List<Ucl> items = items();
                close(']', origin);
                yield new Ucl.Items(items, origin);
            }
            case '"', '\'' -> new Ucl.Text(quoted(c), origin);
            default -> bare(origin);
        };
        depth--;
        return value;
    }

    private List<Ucl> items() {
        List<Ucl> items = new ArrayList<>();
        for (blanks(); at < text.length() && text.charAt(at) != ']'; separators()) {
            items.add(value());
        }
        return items;
    }

    private void close(char end, String opened) {
        if (at == text.length() || text.charAt(at) != end) {
            throw new ConfigException(opened + ": what begins here has no " + end);
        }
        at++;
    }

    /// What has no quotes ends with its line, or before.
    private Ucl bare(String origin) {
        String word = word(";,}]\r\n#\"{[").strip();
        if (word.isEmpty() || word.startsWith("<<")) {
            throw error(word.isEmpty() ? "a value is missing" : "text blocks (<<END) are not supported");
        }
        if (at < text.length() && "\"{[".indexOf(text.charAt(at)) >= 0) {
            throw error("a ; is missing behind \"" + word + "\"");
        }
        return new Ucl.Text(word, origin);
    }

    private String word(String ends) {
        int from = at;
        while (at < text.length() && ends.indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(from, at);
    }

    private String quoted(char quote) {
        String opened = origin();
        StringBuilder inside = new StringBuilder();
        for (at++; at < text.length() && text.charAt(at) != quote; at++) {
            char c = text.charAt(at);
            if (c == '\n') {
                break;
            }
            if (c == '\\' && at + 1 < text.length()) {
                c = text.charAt(++at);
                if (c != quote && c != '\\' && c != '/') {
                    throw error("\\" + c + " is not supported");
                }
            }
            inside.append(c);
        }
        if (at >= text.length() || text.charAt(at) != quote) {
            throw new ConfigException(opened + ": the string does not end");
        }
        at++;
        return inside.toString();
    }

    private void separators() {
        blanks();
        while (at < text.length() && (text.charAt(at) == ';' || text.charAt(at) == ',')) {
            at++;
            blanks();
        }
    }

    /// White space and comments.
    private void blanks() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\n') {
                line++;
                at++;
            } else if (c == ' ' || c == '\t' || c == '\r') {
                at++;
            } else if (c == '#') {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else if (text.startsWith("/*", at)) {
                comment();
            } else {
                return;
            }
        }
    }

    private void comment() {
        int end = text.indexOf("*/", at + 2);
        if (end < 0) {
            throw error("the comment does not end");
        }
        line += (int) text.substring(at, end).chars().filter(c -> c == '\n').count();
        at = end + 2;
    }
}
