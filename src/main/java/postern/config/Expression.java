package postern.config;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Replaces `$name`, `${name}`, `$(name)`, `${name?text}`, `${name:text}`, `${name?{text}:{text}}` and
/// `${{left} == {right} ? {text} : {text}}` in a text, as postconf(5) describes them, until none is left.
///
/// As in Postfix, `?` and `:` look at a parameter's text before its expansion, white space inside braces
/// counts, a name that is not known expands to nothing, and the branch not taken is not looked at.
final class Expression {
    private static final int DEEPEST = 100;
    private static final int MOST = 100_000;

    private final UnaryOperator<@Nullable String> texts;
    private final Deque<String> within = new ArrayDeque<>();
    private int depth;
    private int references;

    /// @param texts from a parameter's name to its text, unexpanded; null when there is none
    Expression(UnaryOperator<@Nullable String> texts) {
        this.texts = texts;
    }

    /// @throws IllegalArgumentException when the text breaks the grammar or a parameter refers to itself
    String expand(String text) {
        int dollar = text.indexOf('$');
        if (dollar < 0) {
            return text;
        }
        if (++depth > DEEPEST) {
            throw new IllegalArgumentException("unreasonable nesting in \"" + shorten(text) + "\"");
        }
        StringBuilder result = new StringBuilder();
        int at = 0;
        while (dollar >= 0) {
            result.append(text, at, dollar);
            at = reference(text, dollar + 1, result);
            dollar = text.indexOf('$', at);
        }
        depth--;
        return result.append(text, at, text.length()).toString();
    }

    /// Expands what begins after a `$`; returns the place behind it.
    private int reference(String text, int at, StringBuilder result) {
        if (++references > MOST) {
            throw new IllegalArgumentException("more than " + MOST + " names to expand");
        }
        char first = at < text.length() ? text.charAt(at) : 0;
        if (first == '$') {
            result.append('$');
            return at + 1;
        }
        if (first == '{' || first == '(') {
            int close = balanced(text, at);
            if (close == at + 1) {
                throw new IllegalArgumentException("empty name in \"" + shorten(text) + "\"");
            }
            result.append(body(new Cursor(text.substring(at + 1, close))));
            return close + 1;
        }
        int end = at;
        while (end < text.length() && isNameChar(text.charAt(end))) {
            end++;
        }
        if (end == at) {
            throw new IllegalArgumentException(
                    "a name is missing after $ in \"" + shorten(text) + "\" (a dollar sign itself is written $$)");
        }
        result.append(value(text.substring(at, end)));
        return end;
    }

    /// What stands between `${` and `}`.
    private String body(Cursor cursor) {
        cursor.skipSpace();
        if (cursor.at('{')) {
            return choose(cursor, relation(cursor), "true");
        }
        String name = cursor.name();
        cursor.skipSpace();
        if (cursor.atEnd()) {
            return value(name);
        }
        if (!cursor.at('?') && !cursor.at(':')) {
            throw cursor.unexpected("a name is made of letters, digits and _, then ? or :");
        }
        String text = texts.apply(name);
        return choose(cursor, text != null && !text.isEmpty(), "");
    }

    private boolean relation(Cursor cursor) {
        String left = expand(cursor.braced());
        cursor.skipSpace();
        Relation relation = cursor.relation();
        cursor.skipSpace();
        if (!cursor.at('{')) {
            throw cursor.unexpected("{text} is expected");
        }
        String right = expand(cursor.braced());
        cursor.skipSpace();
        return relation.holds(left, right);
    }

    /// The rest of a body: nothing, `?text`, `:text`, `?{text}` or `?{text}:{text}`.
    private String choose(Cursor cursor, boolean condition, String whenAlone) {
        if (cursor.atEnd()) {
            return condition ? whenAlone : "";
        }
        if (cursor.take(':')) {
            String text = cursor.lastText();
            return condition ? "" : expand(text);
        }
        if (!cursor.take('?')) {
            throw cursor.unexpected("? or : is expected");
        }
        if (!cursor.beforeBrace()) {
            String text = cursor.rest();
            return condition ? expand(text) : "";
        }
        String text = cursor.braced();
        cursor.skipSpace();
        String otherwise = "";
        if (!cursor.atEnd()) {
            if (!cursor.take(':')) {
                throw cursor.unexpected(": is expected");
            }
            otherwise = cursor.lastText();
        }
        return expand(condition ? text : otherwise);
    }

    private String value(String name) {
        String text = texts.apply(name);
        if (text == null || text.indexOf('$') < 0) {
            return text == null ? "" : text;
        }
        if (within.contains(name)) {
            throw new IllegalArgumentException(loop(name));
        }
        within.push(name);
        String value = expand(text);
        within.pop();
        return value;
    }

    private String loop(String name) {
        StringBuilder way = new StringBuilder();
        boolean inLoop = false;
        for (Iterator<String> names = within.descendingIterator(); names.hasNext(); ) {
            String next = names.next();
            inLoop |= next.equals(name);
            if (inLoop) {
                way.append(next).append(" -> ");
            }
        }
        return name + " refers to itself: " + way + name;
    }

    /// The place of the bracket that closes the one at `open`; only brackets of its kind count.
    private static int balanced(String text, int open) {
        char opening = text.charAt(open);
        char closing = opening == '{' ? '}' : ')';
        int deep = 0;
        for (int i = open; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == opening) {
                deep++;
            } else if (c == closing && --deep == 0) {
                return i;
            }
        }
        throw new IllegalArgumentException("\"" + closing + "\" is missing in \"" + shorten(text) + "\"");
    }

    static boolean isNameChar(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    }

    private static String shorten(String text) {
        return text.length() <= 80 ? text : text.substring(0, 77) + "...";
    }

    /// A place in a body.
    private static final class Cursor {
        private final String text;
        private int at;

        Cursor(String text) {
            this.text = text;
        }

        boolean atEnd() {
            return at == text.length();
        }

        boolean at(char c) {
            return at < text.length() && text.charAt(at) == c;
        }

        boolean take(char c) {
            boolean found = at(c);
            at += found ? 1 : 0;
            return found;
        }

        void skipSpace() {
            while (at < text.length() && LogicalLines.isSpace(text.charAt(at))) {
                at++;
            }
        }

        /// Whether `{` comes next, white space aside; if so, stands before it.
        boolean beforeBrace() {
            int before = at;
            skipSpace();
            if (at('{')) {
                return true;
            }
            at = before;
            return false;
        }

        String name() {
            int start = at;
            while (at < text.length() && isNameChar(text.charAt(at))) {
                at++;
            }
            return text.substring(start, at);
        }

        /// The text within the braces that begin here.
        String braced() {
            int close = balanced(text, at);
            String inside = text.substring(at + 1, close);
            at = close + 1;
            return inside;
        }

        String rest() {
            String rest = text.substring(at);
            at = text.length();
            return rest;
        }

        /// `{text}` with nothing behind it, or all that is left.
        String lastText() {
            if (!beforeBrace()) {
                return rest();
            }
            String inside = braced();
            skipSpace();
            if (!atEnd()) {
                throw unexpected("nothing more is expected");
            }
            return inside;
        }

        Relation relation() {
            int start = at;
            while (at < text.length() && "<>=!".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
            while (at < text.length() && Character.isLetter(text.charAt(at))) {
                at++;
            }
            Relation relation = Relation.of(text.substring(start, at));
            if (relation == null) {
                at = start;
                throw unexpected("==, !=, <, <=, >=, > is expected, or one of these with \"level\" behind it");
            }
            return relation;
        }

        IllegalArgumentException unexpected(String wanted) {
            return new IllegalArgumentException(
                    wanted + " at \"" + shorten(text.substring(at)) + "\" in \"${" + shorten(text) + "}\"");
        }
    }
}
