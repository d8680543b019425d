package postern.lookup;

import java.util.BitSet;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// Translates the expressions of `regexp:` (POSIX, as the GNU C library reads them) for java.util.regex.
///
/// What matches is the same. Of several ways to match, POSIX takes the longest and java.util.regex the first,
/// so `$1` of `(a|ab)` differs when both would do.
final class PosixExpression {
    /// Flags: `i` case counts, `m` lines count, `x` basic instead of extended expressions.
    record Posix() implements Expression.Dialect {
        @Override
        public String name() {
            return "regexp";
        }

        @Override
        public String flags() {
            return "imx";
        }

        @Override
        public boolean hasSecond() {
            return true;
        }

        @Override
        public Expression compile(String expression, String flags) {
            return new PosixExpression(
                            expression,
                            PcreOptions.isOdd(flags, 'i'),
                            PcreOptions.isOdd(flags, 'm'),
                            !PcreOptions.isOdd(flags, 'x'))
                    .compile();
        }
    }

    private static final int MOST_REPEATS = 0x7fff;
    private static final int DEEPEST = 250;

    private final String text;
    private final boolean caseCounts;
    private final boolean linesCount;
    private final boolean extended;
    private int at;
    private int groups;
    private final BitSet closed = new BitSet();
    private boolean hasAlternatives;
    private int depth;

    private PosixExpression(String text, boolean caseCounts, boolean linesCount, boolean extended) {
        this.text = text;
        this.caseCounts = caseCounts;
        this.linesCount = linesCount;
        this.extended = extended;
    }

    private Expression compile() {
        String regex = alternatives();
        if (at < text.length()) {
            throw new IllegalArgumentException("Unmatched ) or \\)");
        }
        try {
            int flags = Pattern.DOTALL | (caseCounts ? 0 : Pattern.CASE_INSENSITIVE);
            // What begins with `.*` matches from the start or not at all: no need to try from each character.
            boolean anchored = text.startsWith(".*") && !linesCount && !hasAlternatives;
            return new Expression(Pattern.compile(regex, flags), anchored);
        } catch (PatternSyntaxException | StackOverflowError e) {
            throw new IllegalArgumentException("cannot be compiled", e);
        }
    }

    private String alternatives() {
        StringBuilder all = new StringBuilder();
        // A back-reference sees the groups closed before in its own branch, and those before all branches.
        BitSet before = (BitSet) closed.clone();
        BitSet inBranches = new BitSet();
        boolean more = true;
        while (more) {
            branch(all);
            inBranches.or(closed);
            closed.clear();
            closed.or(before);
            more = takeOperator('|');
            all.append(more ? "|" : "");
            hasAlternatives |= more && depth == 0;
        }
        closed.or(inBranches);
        return all.toString();
    }

    private void branch(StringBuilder out) {
        int beginning = at;
        boolean start = true;
        while (at < text.length() && !isOperator('|') && !(isOperator(')') && (depth > 0 || !extended))) {
            String anchor = anchor(at == beginning);
            if (anchor.isEmpty()) {
                out.append(repeated(start));
                start = false;
            } else {
                // No repetition follows an anchor: in a basic expression `^*` is a star, else it is an error.
                out.append(anchor);
                start = true;
            }
        }
    }

    /// `^`, `$` and the GNU library's own; empty when there is none here.
    private String anchor(boolean start) {
        char c = text.charAt(at);
        if (c == '^' && (extended || start)) {
            at++;
            return linesCount ? "(?:\\A|(?<=\\n))" : "\\A";
        }
        if (c == '$' && (extended || endsBranch(at + 1))) {
            at++;
            return linesCount ? "(?=\\n|\\z)" : "\\z";
        }
        String anchor = c != '\\' || at + 1 == text.length()
                ? ""
                : switch (text.charAt(at + 1)) {
                    case '<' -> "\\b(?=\\w)";
                    case '>' -> "\\b(?<=\\w)";
                    case 'b' -> "\\b";
                    case 'B' -> "\\B";
                    case '`' -> "\\A";
                    case '\'' -> "\\z";
                    default -> "";
                };
        at += anchor.isEmpty() ? 0 : 2;
        return anchor;
    }

    private boolean endsBranch(int index) {
        return index == text.length() || text.startsWith("\\|", index) || text.startsWith("\\)", index);
    }

    /// One atom and its repetitions.
    private String repeated(boolean start) {
        if (isRepetition() && extended) {
            throw new IllegalArgumentException("Invalid preceding regular expression");
        }
        if (start && isOperator('{')) {
            throw new IllegalArgumentException("Invalid preceding regular expression");
        }
        String atom = start && !extended && text.charAt(at) == '*' ? literal(text.charAt(at++)) : atom();
        boolean repeated = false;
        while (at < text.length() && isRepetition()) {
            if (repeated && !extended && (text.charAt(at) == '*' || isOperator('{'))) {
                throw new IllegalArgumentException("Invalid preceding regular expression");
            }
            String repetition = repetition();
            atom = (repeated ? "(?:" + atom + ")" : atom) + repetition;
            repeated = true;
        }
        return atom;
    }

    private boolean isRepetition() {
        return text.charAt(at) == '*' || isOperator('+') || isOperator('?') || isOperator('{');
    }

    private String repetition() {
        if (takeOperator('{')) {
            return interval();
        }
        if (!extended && text.charAt(at) == '\\') {
            at++;
        }
        return String.valueOf(text.charAt(at++));
    }

    /// `3}`, `3,}`, `3,5}`, `,5}`
    private String interval() {
        int least = number();
        boolean comma = at < text.length() && text.charAt(at) == ',';
        at += comma ? 1 : 0;
        int most = comma ? number() : least;
        if (!takeOperator('}')) {
            throw new IllegalArgumentException(at < text.length() ? "Invalid content of \\{\\}" : "Unmatched { or \\{");
        }
        if (least < 0 && !comma || most >= 0 && most < least) {
            throw new IllegalArgumentException("Invalid content of \\{\\}");
        }
        return "{" + Math.max(least, 0) + (comma ? "," : "") + (comma && most >= 0 ? most : "") + "}";
    }

    private int number() {
        int value = -1;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            value = Math.max(value, 0) * 10 + text.charAt(at++) - '0';
            if (value > MOST_REPEATS) {
                throw new IllegalArgumentException("Regular expression too big");
            }
        }
        return value;
    }

    private String atom() {
        if (takeOperator('(')) {
            return group();
        }
        char c = text.charAt(at++);
        return switch (c) {
            case '.' -> linesCount ? "[^\\n]" : ".";
            case '[' -> bracket();
            case '\\' -> escaped();
            default -> literal(c);
        };
    }

    private String group() {
        int number = ++groups;
        if (++depth > DEEPEST) {
            throw new IllegalArgumentException("too many levels of parentheses");
        }
        String inside = alternatives();
        if (!takeOperator(')')) {
            throw new IllegalArgumentException("Unmatched ( or \\(");
        }
        depth--;
        closed.set(number);
        return "(" + inside + ")";
    }

    private String escaped() {
        if (at == text.length()) {
            throw new IllegalArgumentException("Trailing backslash");
        }
        char c = text.charAt(at++);
        return switch (c) {
            case 'w' -> "\\w";
            case 'W' -> "\\W";
            case 's' -> "\\s";
            case 'S' -> "\\S";
            case '1', '2', '3', '4', '5', '6', '7', '8', '9' -> backReference(c - '0');
            // The GNU library compares in upper case, but not this character: it never matches.
            default -> !caseCounts && c >= 'a' && c <= 'z' ? "(?!)" : literal(c);
        };
    }

    private String backReference(int group) {
        if (!closed.get(group)) {
            throw new IllegalArgumentException("Invalid back reference");
        }
        return "(?:\\" + group + ")";
    }

    private String bracket() {
        PosixBracket bracket = new PosixBracket(text, at, !caseCounts);
        ByteClass bytes = bracket.read();
        at = bracket.end();
        if (linesCount && bracket.negated()) {
            bytes.remove('\n');
        }
        return bytes.regex();
    }

    private static String literal(char c) {
        return ByteClass.literal(c);
    }

    /// Whether an operator stands here: as it is in an extended expression, after a backslash in a basic one.
    private boolean isOperator(char operator) {
        return extended ? at < text.length() && text.charAt(at) == operator : text.startsWith("\\" + operator, at);
    }

    private boolean takeOperator(char operator) {
        boolean is = isOperator(operator);
        at += is ? (extended ? 1 : 2) : 0;
        return is;
    }
}
