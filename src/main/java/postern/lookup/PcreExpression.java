package postern.lookup;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// Translates the expressions of `pcre:` (Perl's, as PCRE2 reads them) for java.util.regex, which lacks
/// recursion, conditions, `\K`, `(?|…)` and `(*VERBS)`: those are refused. Case, lines and white space are
/// worked out here, so that no option of java.util.regex with another meaning is in play.
final class PcreExpression {
    /// Flags: `i` case counts, `m` `^` and `$` at each line, `s` `.` is no newline, `x` white space is nothing,
    /// `A` from the start only, `E` `$` at the very end only, `U` the fewest first, `X` nothing nowadays.
    record Pcre() implements Expression.Dialect {
        @Override
        public String name() {
            return "pcre";
        }

        @Override
        public String flags() {
            return "imsxAEUX";
        }

        @Override
        public boolean hasSecond() {
            return false;
        }

        @Override
        public Expression compile(String expression, String flags) {
            // Once to learn what groups there are, once more to write it.
            PcreExpression known = new PcreExpression(expression, flags, Map.of(), 0);
            known.translate();
            return new PcreExpression(expression, flags, known.names, known.groups).compile();
        }
    }

    private static final int MOST_REPEATS = 65535;
    private static final int DEEPEST = 250;

    /// A group that is open: where it begins in the output, and what holds again behind it.
    private record Open(int start, PcreOptions before) {}

    private final Cursor text;
    private final boolean anchored;
    private final boolean startsWithAnything;
    private final int groupsInAll;
    private final StringBuilder out = new StringBuilder();
    private final Deque<Open> open = new ArrayDeque<>();
    private final Map<String, Integer> names = new HashMap<>();
    private final Map<String, Integer> namesInAll;
    private final List<Integer> references = new ArrayList<>();
    private PcreOptions options;
    private int groups;
    /// Where the last item begins in the output; -1 when there is nothing to repeat.
    private int item = -1;

    private PcreExpression(String expression, String flags, Map<String, Integer> namesInAll, int groupsInAll) {
        this.text = new Cursor(expression);
        this.options = PcreOptions.of(flags);
        this.anchored = PcreOptions.isOdd(flags, 'A');
        this.startsWithAnything = expression.startsWith(".*") && options.dotAll() && expression.indexOf('|') < 0;
        this.namesInAll = namesInAll;
        this.groupsInAll = groupsInAll;
    }

    private Expression compile() {
        translate();
        if (references.stream().anyMatch(group -> group > groups || group < 1)) {
            throw new IllegalArgumentException("reference to non-existent subpattern");
        }
        // What begins with `.*` matches from the start or not at all: no need to try from each character.
        boolean fromStart = anchored || startsWithAnything;
        try {
            return new Expression(Pattern.compile(out.toString(), Pattern.DOTALL | Pattern.UNIX_LINES), fromStart);
        } catch (PatternSyntaxException | StackOverflowError e) {
            throw new IllegalArgumentException("cannot be compiled", e);
        }
    }

    private void translate() {
        while (!text.isAtEnd()) {
            step(text.next());
        }
        if (!open.isEmpty()) {
            throw new IllegalArgumentException("missing closing parenthesis");
        }
    }

    private void step(char c) {
        if (options.extended() && (TableLines.isSpace(c) || c == '#')) {
            if (c == '#') {
                comment();
            }
            return;
        }
        switch (c) {
            case '\\' -> escape();
            case '[' -> bracket();
            case '.' -> item(options.dotAll() ? "." : "[^\\n]");
            case '^' -> place(options.lines() ? "(?m:^)" : "\\A");
            case '$' -> place(options.lines() ? "(?m:$)" : options.dollarEndOnly() ? "\\z" : "\\Z");
            case '(' -> group();
            case ')' -> close();
            case '|' -> {
                out.append('|');
                item = -1;
            }
            case '*', '+', '?' -> quantifier(String.valueOf(c));
            case '{' -> braces();
            default -> literal(c);
        }
    }

    private void comment() {
        while (!text.isAtEnd() && text.next() != '\n') {}
    }

    private void item(String regex) {
        item = out.length();
        out.append(regex);
    }

    /// What matches no character cannot be repeated.
    private void place(String regex) {
        out.append(regex);
        item = -1;
    }

    private void bracket() {
        if (PcreBracket.isNamed(text, text.at() - 1)) {
            throw new IllegalArgumentException("POSIX named classes are supported only within a class");
        }
        item(new PcreBracket(text, options.ignoreCase()).read().regex());
    }

    private void literal(int c) {
        ByteClass one = new ByteClass();
        one.add(c, c);
        if (options.ignoreCase()) {
            one.ignoreCase();
        }
        boolean isLetter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        item(isLetter && options.ignoreCase() ? one.regex() : ByteClass.literal(c));
    }

    private void escape() {
        switch (PcreEscape.read(text, groupsInAll, groups)) {
            case PcreEscape.Literal(int c) -> literal(c);
            case PcreEscape.OneOf(ByteClass bytes) -> item(bytes.regex());
            case PcreEscape.NotNewline() -> {
                requireNoName();
                item("[^\\n]");
            }
            case PcreEscape.Place(String regex) -> place(regex);
            case PcreEscape.Sequence(String regex) -> item(regex);
            case PcreEscape.Reference(int group) -> reference(group);
            case PcreEscape.NamedReference(String name) -> reference(namesInAll.getOrDefault(name, 0));
            case PcreEscape.Quote() -> {
                while (!text.isAtEnd() && !text.take("\\E")) {
                    literal(text.next());
                }
            }
            case PcreEscape.Nothing() -> {}
        }
    }

    /// `\N{…}` would be a character by its name.
    private void requireNoName() {
        if (text.looksAt("{") && !text.text().substring(text.at()).matches("(?s)\\{\\d+(,\\d*)?}.*")) {
            throw new IllegalArgumentException("\\N{name} is not supported");
        }
    }

    private void reference(int group) {
        references.add(group);
        item((options.ignoreCase() ? "(?i:\\" : "(?:\\") + group + ")");
    }

    private void group() {
        if (open.size() == DEEPEST) {
            throw new IllegalArgumentException("parentheses are too deeply nested");
        }
        if (text.looksAt("*")) {
            throw new IllegalArgumentException("(* is not supported");
        }
        if (!text.take("?")) {
            groups++;
            open("(", options);
        } else if (text.take("#")) {
            text.until(")");
        } else if (text.take("P=")) {
            reference(namesInAll.getOrDefault(text.until(")"), 0));
        } else {
            special();
        }
    }

    /// Behind `(?`.
    private void special() {
        for (String kind : new String[] {":", "=", "!", "<=", "<!", ">"}) {
            if (text.take(kind)) {
                open("(?" + kind, options);
                return;
            }
        }
        if (text.take("P<") || text.take("<")) {
            named(text.until(">"));
        } else if (text.take("'")) {
            named(text.until("'"));
        } else {
            PcreOptions before = options;
            options = options.changed(text);
            item = -1;
            if (text.take(":")) {
                open("(?:", before);
            } else if (!text.take(")")) {
                throw new IllegalArgumentException("(?" + (text.isAtEnd() ? "" : text.next()) + " is not supported");
            }
        }
    }

    private void named(String name) {
        if (!name.matches("[A-Za-z_]\\w{0,31}") || names.putIfAbsent(name, groups + 1) != null) {
            throw new IllegalArgumentException("bad or repeated group name " + name);
        }
        groups++;
        open("(", options);
    }

    private void open(String opening, PcreOptions before) {
        open.push(new Open(out.length(), before));
        out.append(opening);
        item = -1;
    }

    private void close() {
        if (open.isEmpty()) {
            throw new IllegalArgumentException("unmatched closing parenthesis");
        }
        Open closed = open.pop();
        out.append(')');
        options = closed.before;
        item = closed.start;
    }

    /// `{2}`, `{2,}`, `{2,3}`; anything else in braces is ordinary.
    private void braces() {
        int mark = text.at();
        int least = text.number(10, 6);
        boolean comma = text.take(",");
        int most = comma ? text.number(10, 6) : least;
        if (least < 0 || !text.take("}")) {
            text.back(mark);
            literal('{');
            return;
        }
        if (Math.max(least, most) > MOST_REPEATS || (most >= 0 && most < least)) {
            throw new IllegalArgumentException("numbers out of order or too big in {} quantifier");
        }
        quantifier("{" + least + (comma ? "," : "") + (comma && most >= 0 ? most : "") + "}");
    }

    private void quantifier(String regex) {
        if (item < 0) {
            throw new IllegalArgumentException("quantifier does not follow a repeatable item");
        }
        while (options.extended() && TableLines.isSpace(text.peek())) {
            text.next();
        }
        String how = text.take("+") ? "+" : text.take("?") != options.ungreedy() ? "?" : "";
        out.append(regex).append(how);
        item = -1;
    }
}
