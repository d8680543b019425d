package postern.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.smtp.extension.XHandover;

class HandoverIdTest {
    @Test
    void digitsAreTheWholeOfIt() {
        HandoverId id = HandoverId.parse("00112233445566778899aabbccddeeff");
        assertThat(id).isEqualTo(new HandoverId(0x0011_2233_4455_6677L, 0x8899_aabb_ccdd_eeffL));
        assertThat(id).hasToString("00112233445566778899aabbccddeeff");
        assertThat(new HandoverId(0, 1)).hasToString("00000000000000000000000000000001");
        assertThat(XHandover.ID.parse(XHandover.ID.format(id))).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "00112233445566778899aabbccddeef",
                "00112233445566778899aabbccddeeff0",
                "00112233445566778899AABBCCDDEEFF",
                "+0112233445566778899aabbccddeeff",
                "0011223344556677-899aabbccddeeff",
                "００112233445566778899aabbccddeeff"
            })
    void nothingElseIsAnId(String text) {
        assertThatThrownBy(() -> HandoverId.parse(text)).isInstanceOf(Reply.Refused.class);
    }
}
