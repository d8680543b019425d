package postern.dms.setup;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// As numfmt of coreutils 9 wrote them.
class SizesTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1023, 1023",
        "1024, 1.0K",
        "1025, 1.1K",
        "1536, 1.5K",
        "10188, 10K",
        "10240, 10K",
        "10241, 11K",
        "1047552, 1023K",
        "1048575, 1.0M",
        "1048576, 1.0M",
        "52428800, 50M",
        "5368709120, 5.0G",
        "9223372036854775807, 8.0E"
    })
    void sizesAreRoundedUp(long bytes, String text) {
        assertThat(Sizes.of(bytes)).isEqualTo(text);
    }
}
