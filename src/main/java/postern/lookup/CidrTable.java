package postern.lookup;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// `cidr:` (cidr_table(5)): networks in the order of the file, `!` in front for all but that network, and
/// `IF`/`ENDIF`. What Postfix warns of and leaves out, we do too.
record CidrTable(String name, Contents<RuleList<CidrTable.Rule>> rules) implements Table {
    /// @param result null for `IF`
    record Rule(Network network, boolean negated, @Nullable String result) {
        /// A network says nothing of addresses of the other family, not even after `!`.
        boolean matches(byte[] address) {
            return network.isSameFamily(address) && network.contains(address) != negated;
        }
    }

    static Table open(String spec, String name, Tables tables) {
        return new CidrTable(spec, Contents.rules("cidr", name, tables, RuleReader::new));
    }

    @Override
    public Lookup find(String key) {
        byte[] address = IpText.parse(key);
        return address == null ? Lookup.NOT_FOUND : rules.ask(list -> find(list, address));
    }

    private static Lookup find(RuleList<Rule> list, byte[] address) {
        int i = 0;
        while (i < list.rules().size()) {
            Rule rule = list.rules().get(i);
            if (!rule.matches(address)) {
                i = list.skips()[i];
            } else if (rule.result == null) {
                i++;
            } else {
                return new Lookup.Found(rule.result);
            }
        }
        return Lookup.NOT_FOUND;
    }

    @Override
    public boolean isPattern() {
        return true;
    }

    private static final class RuleReader implements Contents.Reader<RuleList<Rule>> {
        private final String map;
        private final Consumer<String> warnings;
        private final RuleList.Builder<Rule> rules = new RuleList.Builder<>();
        private int lastNumber;

        RuleReader(String map, Consumer<String> warnings) {
            this.map = map;
            this.warnings = warnings;
        }

        @Override
        public void line(String text, int number) {
            lastNumber = number;
            try {
                read(text);
            } catch (IllegalArgumentException e) {
                warn(number, e.getMessage() + ": skipping this rule");
            }
        }

        private void read(String text) {
            if (isWord(text, "ENDIF")) {
                if (!rules.isInsideIf()) {
                    throw new IllegalArgumentException("ENDIF without IF");
                }
                if (!text.substring("ENDIF".length()).isBlank()) {
                    throw new IllegalArgumentException("garbage after ENDIF");
                }
                rules.endIf();
                return;
            }
            if (isWord(text, "IF")) {
                rules.addIf(rule(text.substring("IF".length()).trim(), null));
                return;
            }
            int space = 0;
            while (space < text.length() && !TableLines.isSpace(text.charAt(space))) {
                space++;
            }
            String result = text.substring(space).trim();
            Rule rule = rule(text.substring(0, space), result);
            if (result.isEmpty()) {
                throw new IllegalArgumentException("no lookup result");
            }
            rules.add(rule);
        }

        private static boolean isWord(String text, String word) {
            return text.regionMatches(true, 0, word, 0, word.length())
                    && (text.length() == word.length() || TableLines.isSpace(text.charAt(word.length())));
        }

        private static Rule rule(String pattern, @Nullable String result) {
            int bangs = 0;
            while (bangs < pattern.length() && pattern.charAt(bangs) == '!') {
                bangs++;
            }
            return new Rule(Network.parse(pattern.substring(bangs).trim()), bangs % 2 == 1, result);
        }

        @Override
        public RuleList<Rule> contents() {
            if (rules.isInsideIf()) {
                warn(lastNumber, "IF has no matching ENDIF");
            }
            return rules.build();
        }

        private void warn(int number, String text) {
            warnings.accept(map + ", line " + number + ": " + text);
        }
    }
}
