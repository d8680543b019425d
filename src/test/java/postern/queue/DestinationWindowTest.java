package postern.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import postern.config.ConfigException;
import postern.config.MainCf;

class DestinationWindowTest {
    private final Map<String, String> settings = new HashMap<>();

    private DestinationWindow window() {
        return new DestinationWindow(TransportLimits.of(MainCf.of(Path.of("."), settings), "smtp"));
    }

    @Test
    void beginsAtFiveAndGrowsByOneForEachDeliveryUpToTheLimit() {
        DestinationWindow window = window();
        assertThat(window.size()).isEqualTo(5);
        for (int i = 0; i < 30; i++) {
            window.reached(window.size());
        }
        assertThat(window.size()).isEqualTo(20);
    }

    @Test
    void doesNotGrowBeyondWhatIsUsed() {
        DestinationWindow window = window();
        for (int i = 0; i < 30; i++) {
            window.reached(1);
        }
        assertThat(window.size()).isEqualTo(6);
    }

    @Test
    void growsByOnePerWindowfulWithFeedbackOfOneByConcurrency() {
        settings.put("smtp_destination_concurrency_positive_feedback", "1/concurrency");
        DestinationWindow window = window();
        for (int i = 0; i < 6; i++) {
            window.reached(5);
        }
        assertThat(window.size()).isEqualTo(6);
    }

    @Test
    void failedCohortMeansDead() {
        DestinationWindow window = window();
        assertThat(window.failed()).isFalse();
        assertThat(window.failed()).isFalse();
        assertThat(window.failed()).isFalse();
        assertThat(window.failed()).isTrue();
        assertThat(window.isTroubled()).isTrue();
    }

    @Test
    void oneDeliveryBetweenFailuresKeepsItAlive() {
        DestinationWindow window = window();
        for (int i = 0; i < 100; i++) {
            assertThat(window.failed()).isFalse();
            window.reached(1);
        }
        assertThat(window.size()).isBetween(1, 6);
    }

    @Test
    void cohortLimitOfZeroNeverGivesUpButNarrowsToOne() {
        settings.put("default_destination_concurrency_failed_cohort_limit", "0");
        DestinationWindow window = window();
        for (int i = 0; i < 100; i++) {
            assertThat(window.failed()).isFalse();
        }
        assertThat(window.size()).isEqualTo(1);
    }

    @Test
    void limitOfZeroMeansNone() {
        settings.put("smtp_destination_concurrency_limit", "0");
        DestinationWindow window = window();
        for (int i = 0; i < 200; i++) {
            window.reached(window.size());
        }
        assertThat(window.size()).isEqualTo(205);
    }

    @Test
    void wrongFeedbackNamesTheParameterAndWhatWouldBeRight() {
        settings.put("smtp_destination_concurrency_negative_feedback", "lots");
        assertThatThrownBy(this::window)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("smtp_destination_concurrency_negative_feedback")
                .hasMessageContaining("1/concurrency");
    }

    @Test
    void wrongNumberNamesTheParameter() {
        settings.put("initial_destination_concurrency", "0");
        assertThatThrownBy(this::window)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("initial_destination_concurrency");
    }

    @Test
    void feedbackHasFourForms() {
        assertThat(Feedback.parse("1").at(4)).isEqualTo(1);
        assertThat(Feedback.parse("1/4").at(9)).isEqualTo(0.25);
        assertThat(Feedback.parse("1 / concurrency").at(4)).isEqualTo(0.25);
        assertThat(Feedback.parse("1/sqrt_concurrency").at(4)).isEqualTo(0.5);
    }
}
