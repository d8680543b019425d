package postern.lookup;

import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// `regexp:` and `pcre:` (regexp_table(5), pcre_table(5)): the first rule whose expression matches gives the
/// result.
record ExpressionTable(String name, Contents<RuleList<ExpressionTable.Rule>> rules) implements Table {
    record Condition(Expression expression, boolean negated) {
        boolean holds(@Nullable MatchResult match) {
            return (match != null) != negated;
        }
    }

    /// @param second of `/first/!/second/`; null when there is none
    /// @param result null for `IF`
    record Rule(
            Condition first,
            @Nullable Condition second,
            @Nullable Replacement result,
            int line) {}

    static Table regexp(String spec, String name, Tables tables) {
        return open(spec, name, tables, new PosixExpression.Posix());
    }

    static Table pcre(String spec, String name, Tables tables) {
        return open(spec, name, tables, new PcreExpression.Pcre());
    }

    private static Table open(String spec, String name, Tables tables, Expression.Dialect dialect) {
        return new ExpressionTable(
                spec,
                Contents.rules(
                        dialect.name(), name, tables, (map, warnings) -> new ExpressionRules(map, dialect, warnings)));
    }

    @Override
    public Lookup find(String key) {
        String text = ByteText.of(key);
        return rules.ask(list -> find(list, text));
    }

    private Lookup find(RuleList<Rule> list, String text) {
        int i = 0;
        while (i < list.rules().size()) {
            Rule rule = list.rules().get(i);
            try {
                MatchResult match = rule.first.expression.match(text);
                boolean matches = rule.first.holds(match)
                        && (rule.second == null || rule.second.holds(rule.second.expression.match(text)));
                if (!matches) {
                    i = list.skips()[i];
                } else if (rule.result == null) {
                    i++;
                } else {
                    return new Lookup.Found(rule.result.text(match));
                }
            } catch (ReadLimit.Passed e) {
                return new Lookup.TempFail(name + ", line " + rule.line + ": " + e.getMessage());
            }
        }
        return Lookup.NOT_FOUND;
    }

    @Override
    public Stream<String> results() {
        RuleList<Rule> now = rules.now();
        return now == null
                ? Stream.empty()
                : now.rules().stream()
                        .map(Rule::result)
                        .filter(Objects::nonNull)
                        .map(Replacement::beginning);
    }

    @Override
    public boolean isPattern() {
        return true;
    }
}
