package postern.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import postern.dns.Resolver.Answer;

/// Nobody waits for a name server longer than he may.
class TimedResolverTest {
    @Test
    void answersPassOn() {
        FixedResolver zone = new FixedResolver("one.example MX 10 mx.one.example");
        Resolver timed = new TimedResolver(zone, () -> Duration.ofHours(1));
        assertThat(timed.mx("one.example")).isEqualTo(zone.mx("one.example"));
        assertThat(timed.a("two.example")).isInstanceOf(Answer.NoName.class);
    }

    @Test
    void lateAnswerIsNone() {
        try (SilentResolver silent = new SilentResolver()) {
            assertThat(new TimedResolver(silent, () -> Duration.ofMillis(1)).txt("one.example"))
                    .isEqualTo(new Answer.TempFail<>("no answer in time"));
        }
    }

    @Test
    void withoutTimeNobodyIsAsked() {
        try (SilentResolver silent = new SilentResolver()) {
            assertThat(new TimedResolver(silent, () -> Duration.ZERO).mx("one.example"))
                    .isInstanceOf(Answer.TempFail.class);
            assertThat(silent.asked()).isZero();
        }
    }
}
