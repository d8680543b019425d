package postern.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Expressions made at random, against the real libraries behind postmap.
class ExpressionPeerTest {
    private static final int ROUNDS = Integer.getInteger("postern.rounds", 4);
    private static final int IN_A_ROUND = 100;
    private static final List<String> KEYS = List.of(
            "a", "b", "ab", "aab", "abc", "ABC", "aabbcc", "cab", "a-b", "x", "0", "a0b", "b c", " ", "aaa", "bbbb",
            "ab]", "a\\b", "{a}", "a{2}", "(a)", "a|b", "a.b", "a+b", "^a$", "_", "ü", "a,b", "d", "w", "s", "1", "ba",
            "bab", ")");

    @TempDir
    Path directory;

    @BeforeEach
    void requirePostmap() {
        Postmap.required();
    }

    @ParameterizedTest
    @ValueSource(strings = {"regexp", "pcre"})
    void whatTheLibraryMatchesWeMatch(String type) throws Exception {
        long seed = Long.getLong("postern.seed", 20260701);
        List<String> differences = new ArrayList<>();
        int compared = 0;
        for (int round = 0; round < ROUNDS; round++) {
            compared += round(type, new Random(seed + round), differences);
        }
        assertThat(differences).as("seed %d", seed).isEmpty();
        assertThat(compared).isGreaterThan(ROUNDS * IN_A_ROUND / 3);
    }

    /// Each expression in a table of its own, all asked at once through a unionmap.
    private int round(String type, Random random, List<String> differences) throws Exception {
        List<String> expressions = new ArrayList<>();
        List<String> members = new ArrayList<>();
        for (int i = 0; i < IN_A_ROUND; i++) {
            String expression = type.equals("pcre") ? Expressions.perl(random) : Expressions.posix(random);
            Path file = directory.resolve(type + i);
            Files.writeString(file, expression + " <" + i + ">\n");
            expressions.add(expression);
            members.add(type + ":" + file);
        }
        Postmap.Answers theirs = Postmap.query("unionmap:{" + String.join(",", members) + "}", KEYS);
        int compared = 0;
        for (int i = 0; i < IN_A_ROUND; i++) {
            String message = message(theirs, type + i);
            boolean theyRefuse = !message.isEmpty() && !message.contains("obsolete");
            Table ours = open(members.get(i));
            if (message.contains("lookbehind") || isBeyondUs(expressions.get(i))) {
                continue;
            }
            if (theyRefuse != (ours == null)) {
                differences.add(expressions.get(i) + ": "
                        + (theyRefuse ? "they refuse: " + message : "we refuse: " + refusal(members.get(i))));
            } else if (ours != null) {
                compared++;
                compare(expressions.get(i), "<" + i + ">", theirs, ours, differences);
            }
        }
        return compared;
    }

    /// A range that begins with a quotation, and a reference inside of a lookbehind.
    private static boolean isBeyondUs(String expression) {
        return expression.contains("-\\Q") || expression.matches(".*\\(\\?<[=!].*(\\\\[0-9gk]|P=).*");
    }

    private static void compare(
            String expression, String mark, Postmap.Answers theirs, Table ours, List<String> differences) {
        TreeSet<String> a = new TreeSet<>();
        TreeSet<String> b = new TreeSet<>();
        for (String key : KEYS) {
            if (theirs.found().getOrDefault(key, "").contains(mark)) {
                a.add(key);
            }
            if (ours.find(key) instanceof Lookup.Found) {
                b.add(key);
            }
        }
        if (!a.equals(b)) {
            differences.add(expression + ": postmap matches " + a + ", we " + b);
        }
    }

    private static String message(Postmap.Answers theirs, String file) {
        return theirs.messages()
                .lines()
                .filter(line -> line.contains(file + ","))
                .findFirst()
                .orElse("");
    }

    private static String refusal(String spec) {
        try {
            return TestTables.open(spec).toString();
        } catch (postern.config.ConfigException e) {
            return e.getMessage();
        }
    }

    private static Table open(String spec) {
        try {
            return TestTables.open(spec);
        } catch (postern.config.ConfigException e) {
            return null;
        }
    }
}
