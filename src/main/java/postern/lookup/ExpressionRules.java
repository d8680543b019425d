package postern.lookup;

import java.util.function.Consumer;
import postern.config.ConfigException;
import postern.lookup.ExpressionTable.Condition;
import postern.lookup.ExpressionTable.Rule;

/// Reads the lines of a `regexp:` or `pcre:` table: `/expression/flags result`, `IF /expression/`, `ENDIF`.
/// What Postfix warns of and leaves out, we do too; but an expression that does not compile is an error, since
/// it may be one that Postfix knows and we do not.
final class ExpressionRules implements Contents.Reader<RuleList<Rule>> {
    private final String map;
    private final Expression.Dialect dialect;
    private final Consumer<String> warnings;
    private final RuleList.Builder<Rule> rules = new RuleList.Builder<>();
    private int number;
    private String line = "";
    private int at;

    ExpressionRules(String map, Expression.Dialect dialect, Consumer<String> warnings) {
        this.map = map;
        this.dialect = dialect;
        this.warnings = warnings;
    }

    @Override
    public void line(String text, int lineNumber) {
        line = text;
        number = lineNumber;
        at = 0;
        try {
            if (!isAlphanumeric(0)) {
                rule();
            } else if (isWord("IF")) {
                conditional();
            } else if (isWord("ENDIF")) {
                endIf();
            } else {
                warn("ignoring unrecognized request");
            }
        } catch (IllegalArgumentException e) {
            warn(e.getMessage() + ": skipping this rule");
        }
    }

    @Override
    public RuleList<Rule> contents() {
        if (rules.isInsideIf()) {
            warn("IF has no matching ENDIF");
        }
        return rules.build();
    }

    private void rule() {
        Condition first = condition();
        Condition second = at < line.length() && line.charAt(at) == '!' ? condition() : null;
        Replacement result = Replacement.parse(line.substring(at).trim());
        if (result.parts().isEmpty()) {
            warn("no replacement text: using empty string");
        }
        if (result.highestGroup() > 0 && first.negated()) {
            throw new IllegalArgumentException("$number found in negative match replacement text");
        }
        if (result.highestGroup() > first.expression().groups()) {
            throw new IllegalArgumentException("out of range replacement index \"" + result.highestGroup() + "\"");
        }
        rules.add(new Rule(first, second, result, number));
    }

    private void conditional() {
        at = "IF".length();
        skipSpace();
        Condition condition = condition();
        if (!line.substring(at).isBlank()) {
            warn("ignoring extra text after IF statement: \""
                    + line.substring(at).trim() + "\"");
            warn("do not prepend whitespace to statements between IF and ENDIF");
        }
        rules.addIf(new Rule(condition, null, null, number));
    }

    private void endIf() {
        if (!rules.isInsideIf()) {
            warn("ignoring ENDIF without matching IF");
            return;
        }
        if (!line.substring("ENDIF".length()).isBlank()) {
            warn("ignoring extra text after ENDIF");
        }
        rules.endIf();
    }

    /// `!`s, a delimiter, the expression, the delimiter again, flags.
    private Condition condition() {
        boolean negated = false;
        while (at < line.length() && line.charAt(at) == '!') {
            negated = !negated;
            at++;
        }
        skipSpace();
        if (at == line.length()) {
            throw new IllegalArgumentException("no regexp");
        }
        char delimiter = line.charAt(at++);
        int end = at;
        while (end < line.length() && line.charAt(end) != delimiter) {
            end += line.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= line.length()) {
            throw new IllegalArgumentException("no closing regexp delimiter \"" + delimiter + "\"");
        }
        String expression = line.substring(at, end);
        at = end + 1;
        return new Condition(compile(expression, flags()), negated);
    }

    private String flags() {
        int start = at;
        boolean mayFollow = dialect.hasSecond();
        while (at < line.length() && !TableLines.isSpace(line.charAt(at)) && !(mayFollow && line.charAt(at) == '!')) {
            if (dialect.flags().indexOf(line.charAt(at)) < 0) {
                throw new IllegalArgumentException("unknown regexp option \"" + line.charAt(at) + "\"");
            }
            at++;
        }
        return line.substring(start, at);
    }

    private Expression compile(String expression, String flags) {
        try {
            return dialect.compile(ByteText.of(expression), flags);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(map + ", line " + number + ": /" + expression + "/: " + e.getMessage(), e);
        }
    }

    private void skipSpace() {
        while (at < line.length() && TableLines.isSpace(line.charAt(at))) {
            at++;
        }
    }

    private boolean isWord(String word) {
        return line.regionMatches(true, 0, word, 0, word.length()) && !isAlphanumeric(word.length());
    }

    private boolean isAlphanumeric(int index) {
        return index < line.length() && line.charAt(index) < 128 && Character.isLetterOrDigit(line.charAt(index));
    }

    private void warn(String text) {
        warnings.accept(map + ", line " + number + ": " + text);
    }
}
