package postern.queue;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

class FoldedFuzz {
    @FuzzTest(maxDuration = "10s")
    void nothingLeavesItsField(FuzzedDataProvider data) {
        boolean utf8 = data.consumeBoolean();
        String value = data.consumeRemainingAsString();
        String field = Folded.field("Diagnostic-Code", value, utf8);
        assertThat(field).startsWith("Diagnostic-Code: ").endsWith("\r\n");
        String[] lines = field.substring(0, field.length() - 2).split("\r\n", -1);
        for (int i = 0; i < lines.length; i++) {
            assertThat(lines[i].getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(998);
            assertThat(lines[i]).doesNotContain("\r", "\n", "\u0000");
            assertThat(i == 0 || (lines[i].startsWith(" ") && !lines[i].isBlank()))
                    .isTrue();
            assertThat(utf8 || lines[i].chars().allMatch(c -> c < 127)).isTrue();
        }
    }
}
