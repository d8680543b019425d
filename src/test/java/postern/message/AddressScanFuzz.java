package postern.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;

class AddressScanFuzz {
    /// Addresses stand one behind the other, without white space or separators around them.
    @FuzzTest
    void addressesHaveTheirPlace(FuzzedDataProvider data) {
        String value = new String(data.consumeRemainingAsBytes(), StandardCharsets.ISO_8859_1);
        List<AddressScan.Found> all = AddressScan.of(value);
        int end = 0;
        for (AddressScan.Found found : all) {
            assertThat(found.from()).isGreaterThanOrEqualTo(end);
            assertThat(found.to()).isGreaterThan(found.from()).isLessThanOrEqualTo(value.length());
            assertThat(value.charAt(found.from())).isNotIn(' ', '\t', '\r', '\n');
            assertThat(value.charAt(found.to() - 1)).isNotIn(' ', '\t', '\r', '\n');
            assertThat(found.address().localPart()).isNotEmpty();
            end = found.to();
        }
    }
}
