package postern.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/// Values and refusals as `postconf -x` of Postfix 3.7 gives them; `PostconfDifferentialTest` asks the real
/// one.
class ExpressionTest {
    /// What breaks the grammar: Postfix's `postconf` refuses these too (PostconfDifferentialTest).
    static final List<String> BROKEN = List.of(
            "x$",
            "$-",
            "${}",
            "${a b}",
            "${a-b}",
            "${a",
            "$(a}",
            "$(a}",
            "$(a?{x)}",
            "${a?{x}y}",
            "${a?{x}:{y}z}",
            "${empty:{no}?{yes}}",
            "${{a}}",
            "${{a} = {b} ? {x}}",
            "${{a} => {b} ? {x}}",
            "${{a} == b}",
            "${{3.6} < level {3} ? {x}}",
            "${{a}<lev{3}}",
            "${{3.x} ==level {3}}",
            "${{1..2} ==level {1}}",
            "${{1.2000} ==level {1}}",
            "${{99999999999999999999} < {2} ? {x}}");

    private static final Map<String, String> TEXTS = Map.of(
            "a", "A", "empty", "", "n9", "9", "n10", "10", "q", "$empty", "one", "$two", "two", "$three", "three",
            "x${one}");

    private static String expand(String text) {
        return new Expression(TEXTS::get).expand(text);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = """
            $a                                      | A
            ${a}                                    | A
            $(a)                                    | A
            ${ a }                                  | A
            $a-b$a                                  | A-bA
            $$a                                     | $a
            $$$a                                    | $A
            $undefined                              | ''
            ${a?yes}                                | yes
            ${a?yes:no}                             | yes:no
            ${empty?yes}                            | ''
            ${empty:no}                             | no
            ${a:no}                                 | ''
            ${undefined:no}                         | no
            [${a? yes }]                            | [ yes ]
            [${a ? {yes} : {no} }]                  | [yes]
            [${empty?{yes}:{ no }}]                 | [ no ]
            ${a?{yes}:no}                           | yes
            ${q?raw}                                | raw
            ${a?{${n9?{in}:{out}}}:{z}}             | in
            ${a?a}b}                                | ab}
            ${a?{a{b}c}}                            | a{b}c
            $({a} == {a} ? {x} : {y})               | x
            ${{$a} == {A} ? {x} : {y}}              | x
            ${{a} == {a}}                           | true
            ${{a} == {b}}                           | ''
            ${{a} == {b} : {x}}                     | x
            ${{ a } == {a} ? {x} : {y}}             | y
            ${{$n9} < {$n10} ? {less} : {more}}     | less
            ${{$n9} < {1a} ? {less} : {more}}       | more
            ${{9} == {09} ? {x} : {y}}              | x
            ${{b} > {a} ? {x}}                      | x
            ${{9} >= {10} ? {x} : {y}}              | y
            ${{3.6} <level {3.10} ? {x} : {y}}      | x
            ${{3.6} < {3.10} ? {x} : {y}}           | y
            ${{3.6.1} >level {3.6} ? {x} : {y}}     | x
            ${{3.6} ==level {3.6.0}}                | true
            ${{3.6}!=level{3.6}?{x}:{y}}            | y
            ${{3.6} <=level {3.6} ? {x}}            | x
            """)
    void expandsAsPostfixDoes(String text, String value) {
        assertThat(expand(text)).isEqualTo(value);
    }

    @ParameterizedTest
    @FieldSource("BROKEN")
    void refusesWhatPostfixRefuses(String text) {
        assertThatThrownBy(() -> expand(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aLoopIsNamedByItsMembers() {
        assertThatThrownBy(() -> expand("$one")).hasMessage("one refers to itself: one -> two -> three -> one");
    }

    @Test
    void theBranchNotTakenIsNotLookedAt() {
        assertThat(expand("${a?{fine}:{$one}}")).isEqualTo("fine");
    }

    @Test
    void namesThatDoubleEachOtherEndWithAnError() {
        Map<String, String> doubling = new HashMap<>();
        for (int i = 0; i < 60; i++) {
            doubling.put("n" + i, "$n" + (i + 1) + "$n" + (i + 1));
        }
        assertThatThrownBy(() -> new Expression(doubling::get).expand("$n0"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("more than 100000 names to expand");
    }

    @Test
    void deepNestingEndsWithAnError() {
        String deep = "${a?{".repeat(5000) + "x" + "}}".repeat(5000);
        assertThatThrownBy(() -> expand(deep)).isInstanceOf(IllegalArgumentException.class);
    }
}
