package postern.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

class HandoverIdFuzz {
    /// What is read as an id is written as it was; what is not is refused.
    @FuzzTest
    void textsAreIdsToTheLetter(FuzzedDataProvider data) {
        String text = data.consumeRemainingAsString();
        try {
            assertThat(HandoverId.parse(text)).hasToString(text);
        } catch (Reply.Refused refused) {
            assertThat(refused.reply().code()).isEqualTo(501);
        }
    }

    @FuzzTest
    void idsAreReadAsTheyAreWritten(FuzzedDataProvider data) {
        HandoverId id = new HandoverId(data.consumeLong(), data.consumeLong());
        assertThat(HandoverId.parse(id.toString())).isEqualTo(id);
    }
}
