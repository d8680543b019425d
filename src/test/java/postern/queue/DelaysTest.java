package postern.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DelaysTest {
    /// Pairs as postconf(5) describes them under delay_logging_resolution_limit: two significant digits below
    /// 100 seconds, whole seconds above, "0" below the resolution.
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "4, 0",
        "5, 0.01",
        "14, 0.01",
        "15, 0.02",
        "100, 0.1",
        "125, 0.13",
        "304, 0.3",
        "996, 1",
        "1000, 1",
        "1040, 1",
        "1250, 1.3",
        "9940, 9.9",
        "9960, 10",
        "12345, 12",
        "99600, 100",
        "123456, 123",
        "432000000, 432000"
    })
    void secondsHaveTwoSignificantDigits(long millis, String text) {
        assertThat(Delays.format(Duration.ofMillis(millis), 2)).isEqualTo(text);
    }

    @Test
    void resolutionLimitsTheDigitsBehindThePoint() {
        Duration delay = Duration.ofNanos(1_234_567);
        assertThat(Delays.format(delay, 0)).isEqualTo("0");
        assertThat(Delays.format(delay, 3)).isEqualTo("0.001");
        assertThat(Delays.format(delay, 6)).isEqualTo("0.0012");
    }

    @Test
    void clockThatWasSetBackMakesNoNegativeDelay() {
        assertThat(Delays.format(Duration.ofSeconds(-3), 2)).isEqualTo("0");
    }
}
