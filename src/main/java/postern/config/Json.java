package postern.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// JSON (RFC 8259) as Java's own values: maps, lists, strings, booleans; numbers as their text; null.
public final class Json {
    private static final int DEEPEST = 64;

    private final String text;
    private int at;
    private int depth;

    private Json(String text) {
        this.text = text;
    }

    /// @throws IllegalArgumentException when it is none, and where
    public static @Nullable Object parse(String text) {
        Json json = new Json(text);
        Object value = json.value();
        json.skipSpace();
        if (json.at < text.length()) {
            throw json.wrong("the end");
        }
        return value;
    }

    private @Nullable Object value() {
        skipSpace();
        return switch (peek()) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            default -> word();
        };
    }

    private Map<String, Object> object() {
        Map<String, Object> members = new LinkedHashMap<>();
        enter();
        while (!ends('}')) {
            skipSpace();
            String name = string();
            skipSpace();
            expect(':');
            Object value = value();
            if (value != null) {
                members.put(name, value);
            }
            comma('}');
        }
        depth--;
        return members;
    }

    private List<Object> array() {
        List<Object> members = new ArrayList<>();
        enter();
        while (!ends(']')) {
            Object value = value();
            if (value != null) {
                members.add(value);
            }
            comma(']');
        }
        depth--;
        return members;
    }

    private void enter() {
        at++;
        if (++depth > DEEPEST) {
            throw wrong("less depth");
        }
    }

    private boolean ends(char closing) {
        skipSpace();
        boolean ends = peek() == closing;
        at += ends ? 1 : 0;
        return ends;
    }

    private void comma(char closing) {
        skipSpace();
        if (peek() != closing) {
            expect(',');
        }
    }

    private String string() {
        expect('"');
        StringBuilder made = new StringBuilder();
        for (char c = next(); c != '"'; c = next()) {
            made.append(c == '\\' ? escaped() : c);
        }
        return made.toString();
    }

    private char escaped() {
        char c = next();
        return switch (c) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'u' -> {
                if (at + 4 > text.length() || !text.substring(at, at + 4).matches("[0-9A-Fa-f]{4}")) {
                    throw wrong("four hexadecimal digits");
                }
                at += 4;
                yield (char) Integer.parseInt(text.substring(at - 4, at), 16);
            }
            default -> c;
        };
    }

    private @Nullable Object word() {
        int start = at;
        while (at < text.length() && ",]} \t\r\n".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String word = text.substring(start, at);
        if (!word.matches("null|true|false|-?[0-9][0-9.eE+-]*")) {
            at = start;
            throw wrong("a value");
        }
        return word.equals("null") ? null : word.equals("true") ? Boolean.TRUE : word.equals("false") ? false : word;
    }

    private char next() {
        char c = peek();
        at++;
        return c;
    }

    private char peek() {
        if (at >= text.length()) {
            throw wrong("more");
        }
        return text.charAt(at);
    }

    private void expect(char c) {
        if (peek() != c) {
            throw wrong("'" + c + "'");
        }
        at++;
    }

    private void skipSpace() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private IllegalArgumentException wrong(String needed) {
        long line = text.substring(0, Math.min(at, text.length()))
                        .chars()
                        .filter(c -> c == '\n')
                        .count()
                + 1;
        return new IllegalArgumentException("line " + line + ": " + needed + " is needed");
    }
}
