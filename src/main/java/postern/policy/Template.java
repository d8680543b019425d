package postern.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Text with `$name`, `${name}`, `$(name)`, `${name?text}` and `${name:text}` in it, read once and filled in
/// often; `$$` is a dollar sign. The text of a condition may be in braces, and hold further names.
final class Template {
    private static final int DEEPEST = 20;

    /// A piece of the text.
    private sealed interface Part {
        record Literal(String text) implements Part {}

        record Name(String name) implements Part {}

        /// @param then used when the name has a value, `otherwise` when it has none
        record Choice(String name, Template then, Template otherwise) implements Part {}
    }

    private static final Template EMPTY = new Template(List.of());

    private final List<Part> parts;

    private Template(List<Part> parts) {
        this.parts = List.copyOf(parts);
    }

    /// @throws IllegalArgumentException when brackets do not match, or a name is missing
    static Template parse(String text) {
        return parse(text, 0);
    }

    /// The text with each name's value; a value's characters outside printable ASCII become `_`
    /// (`smtpd_expansion_filter`).
    String expand(Function<String, String> values) {
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            switch (part) {
                case Part.Literal(String literal) -> text.append(literal);
                case Part.Name(String name) -> text.append(filtered(values.apply(name)));
                case Part.Choice(String name, Template then, Template otherwise) ->
                    text.append((values.apply(name).isEmpty() ? otherwise : then).expand(values));
            }
        }
        return text.toString();
    }

    private static String filtered(String value) {
        return value.replaceAll("[^\t -~]", "_");
    }

    private static Template parse(String text, int depth) {
        if (depth > DEEPEST) {
            throw new IllegalArgumentException("conditions are nested more than " + DEEPEST + " deep");
        }
        List<Part> parts = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c != '$') {
                literal.append(c);
                i++;
            } else if (text.startsWith("$$", i)) {
                literal.append('$');
                i += 2;
            } else {
                parts.add(new Part.Literal(literal.toString()));
                literal.setLength(0);
                i = name(text, i + 1, parts, depth);
            }
        }
        parts.add(new Part.Literal(literal.toString()));
        return new Template(parts);
    }

    /// Reads what stands behind a dollar sign; returns where it ends.
    private static int name(String text, int from, List<Part> parts, int depth) {
        boolean braces = text.startsWith("{", from);
        if (braces || text.startsWith("(", from)) {
            int close = close(text, from, braces ? '{' : '(', braces ? '}' : ')');
            parts.add(inBrackets(text.substring(from + 1, close), depth));
            return close + 1;
        }
        int end = nameEnd(text, from);
        parts.add(new Part.Name(checked(text.substring(from, end))));
        return end;
    }

    private static Part inBrackets(String inside, int depth) {
        int end = nameEnd(inside, 0);
        String name = checked(inside.substring(0, end));
        if (end == inside.length()) {
            return new Part.Name(name);
        }
        char mark = inside.charAt(end);
        String rest = inside.substring(end + 1);
        if (mark == ':') {
            return new Part.Choice(name, EMPTY, parse(bare(rest), depth + 1));
        }
        if (mark != '?') {
            throw new IllegalArgumentException(
                    "\"${" + inside + "}\": expecting ${name}, ${name?text} or ${name:text}");
        }
        if (rest.startsWith("{")) {
            int close = close(rest, 0, '{', '}');
            if (rest.startsWith(":", close + 1)) {
                Template then = parse(bare(rest.substring(0, close + 1)), depth + 1);
                return new Part.Choice(name, then, parse(bare(rest.substring(close + 2)), depth + 1));
            }
        }
        return new Part.Choice(name, parse(bare(rest), depth + 1), EMPTY);
    }

    private static String bare(String text) {
        return text.startsWith("{") && text.endsWith("}") && close(text, 0, '{', '}') == text.length() - 1
                ? text.substring(1, text.length() - 1)
                : text;
    }

    private static int nameEnd(String text, int from) {
        int end = from;
        while (end < text.length() && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '_')) {
            end++;
        }
        return end;
    }

    private static String checked(String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a $ without a name behind it; $$ is a dollar sign");
        }
        return name;
    }

    private static int close(String text, int from, char open, char close) {
        int depth = 0;
        for (int i = from; i < text.length(); i++) {
            depth += text.charAt(i) == open ? 1 : text.charAt(i) == close ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        throw new IllegalArgumentException("\"" + text + "\": a bracket is not closed");
    }
}
