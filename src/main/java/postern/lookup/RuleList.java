package postern.lookup;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/// Rules in the order of their table, with `IF`/`ENDIF` round some of them.
///
/// @param skips for each rule where to go on when it does not match: the next, or behind the `ENDIF` of an `IF`
record RuleList<R>(List<R> rules, int[] skips) {

    static final class Builder<R> {
        private final List<R> rules = new ArrayList<>();
        private int[] skips = new int[16];
        private final Deque<Integer> open = new ArrayDeque<>();

        void add(R rule) {
            if (rules.size() == skips.length) {
                skips = Arrays.copyOf(skips, 2 * skips.length);
            }
            rules.add(rule);
            skips[rules.size() - 1] = rules.size();
        }

        void addIf(R rule) {
            open.push(rules.size());
            add(rule);
        }

        boolean isInsideIf() {
            return !open.isEmpty();
        }

        void endIf() {
            skips[open.pop()] = rules.size();
        }

        RuleList<R> build() {
            while (isInsideIf()) {
                endIf();
            }
            return new RuleList<>(List.copyOf(rules), Arrays.copyOf(skips, rules.size()));
        }
    }
}
