package postern.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateTest {
    private static final Map<String, String> VALUES = Map.of("a", "one", "b", "two", "hostile", "x\r\n\u00e4");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "plain text | plain text",
                "$a-$b; | one-two;",
                "${a}b $(b) | oneb two",
                "${none}x | x",
                "${a?yes} ${none?no} | yes ",
                "${a:no}${none:yes} | yes",
                "${a?{yes}:{no}} ${none?{yes}:{no}} | yes no",
                "${a?; $b ${none:deep}} | ; two deep",
                "$$a costs $$5 | $a costs $5",
                "$hostile | x___"
            })
    void fillsInNamesAndConditions(String text, String expected) {
        assertThat(expand(text)).isEqualToIgnoringWhitespace(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"$", "a $ b", "${", "${}", "${a", "${a?{x}", "$(a", "${a!b}", "$-"})
    void refusesWhatIsNoTemplate(String text) {
        assertThatThrownBy(() -> Template.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesBottomlessConditions() {
        assertThatThrownBy(() -> Template.parse("${a?".repeat(10_000) + "}".repeat(10_000)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static String expand(String text) {
        return Template.parse(text).expand(name -> VALUES.getOrDefault(name, ""));
    }
}
