package postern.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DnsblFilterTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.2, 127.0.0.2, true",
        "127.0.0.2, 127.0.0.3, false",
        "127.0.0.[2..11], 127.0.0.2, true",
        "127.0.0.[2..11], 127.0.0.11, true",
        "127.0.0.[2..11], 127.0.0.12, false",
        "127.0.0.[2;4..6;9], 127.0.0.5, true",
        "127.0.0.[2;4..6;9], 127.0.0.3, false",
        "127.0.0.[2;4..6;9], 127.0.0.9, true",
        "127.0.[0..255].0, 127.0.255.0, true",
        "127.0.[0..255].0, 127.0.255.1, false",
        "[1;127].[0].0.[255], 127.0.0.255, true",
        "127.0.0.2, ::1, false"
    })
    void choosesAmongAnswers(String filter, String answer, boolean matches) {
        assertThat(DnsblFilter.parse(filter).matches(InetAddress.ofLiteral(answer)))
                .isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "127",
                "127.0.0",
                "127.0.0.",
                "127.0.0.2.",
                "127.0.0.2.3",
                "127.0.0.256",
                "127.0.0.[",
                "127.0.0.[]",
                "127.0.0.[2",
                "127.0.0.[2..]",
                "127.0.0.[..2]",
                "127.0.0.[3..2]",
                "127.0.0.[2;]",
                "127.0.0.x",
                "127.0.0.[2]3",
                "127.0.0.-1",
                "127.0.0.2,127.0.0.3"
            })
    void refusesWhatIsNoFilter(String filter) {
        assertThatThrownBy(() -> DnsblFilter.parse(filter))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not a filter");
    }
}
