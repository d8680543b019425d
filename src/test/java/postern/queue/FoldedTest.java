package postern.queue;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FoldedTest {
    @Test
    void shortFieldStaysOnItsLine() {
        assertThat(Folded.field("Status", "5.1.1", false)).isEqualTo("Status: 5.1.1\r\n");
    }

    @Test
    void longFieldIsFoldedAtSpacesAndUnfoldsToItself() {
        String value = "smtp; 550 5.7.1 " + "the words of a talkative server ".repeat(10) + "end";
        String field = Folded.field("Diagnostic-Code", value, false);
        assertThat(field.lines()).allMatch(line -> line.length() <= 78).hasSizeGreaterThan(3);
        assertThat(field.lines().skip(1)).allMatch(line -> line.startsWith("    ") && !line.isBlank());
        assertThat(field.strip().replaceAll("\r\n +", " ")).isEqualTo("Diagnostic-Code: " + value);
    }

    @Test
    void wordWithoutEndIsCutBeforeTheLineLimit() {
        String field = Folded.field("Diagnostic-Code", "x".repeat(5_000), false);
        assertThat(field.lines()).allMatch(line -> line.length() <= 998);
        assertThat(field.replaceAll("[^x]", "")).hasSize(5_000);
    }

    @Test
    void controlsAndForeignCharactersAreReplaced() {
        assertThat(Folded.clean("a\r\nb\tc\u0000d\u0085e\u00e9", false)).isEqualTo("a  b c?d?e?");
        assertThat(Folded.clean("a\u00e9\u0007\ud800", true)).isEqualTo("a\u00e9??");
    }

    @Test
    void emptyTextIsALineOfItsName() {
        assertThat(Folded.field("X", "", false)).isEqualTo("X: \r\n");
        assertThat(Folded.indented("", false)).isEqualTo("    \r\n");
    }
}
