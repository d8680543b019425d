package postern.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import postern.address.Path;
import postern.smtp.extension.Extensions;

class SmtpParserFuzz {
    /// Either a refusal, or an address that is read back as itself and holds no control characters.
    @FuzzTest
    void pathsAndParameters(FuzzedDataProvider data) {
        String text = data.consumeRemainingAsString();
        SmtpParser parser = new SmtpParser(text);
        try {
            Path path = parser.reversePath().path();
            assertThat(path.toString()).doesNotContainPattern("\\p{Cntrl}");
            assertThat(new SmtpParser(path.toString()).reversePath().path()).isEqualTo(path);
            Params params = parser.params(Extensions::mailParam);
            assertThat(new SmtpParser(params.toString()).params(Extensions::mailParam))
                    .isEqualTo(params);
        } catch (Reply.Refused e) {
            assertThat(e.reply().isPermanent()).isTrue();
        }
    }
}
