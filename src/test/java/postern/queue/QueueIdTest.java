package postern.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class QueueIdTest {
    @Test
    void isWrittenInUpperCaseHexOfAtLeastTenDigitsAndReadBack() {
        for (long value : new long[] {1, 0xABCDEF0123L, 0x660E07EA854D1L, 0x123456789ABCDEF0L, Long.MAX_VALUE}) {
            String text = new QueueId(value).toString();
            assertThat(text).isEqualTo(String.format("%010X", value));
            assertThat(QueueId.parse(text)).isEqualTo(new QueueId(value));
        }
    }

    @Test
    void whatIsNoIdIsNamed() {
        for (String text : new String[] {"", "ALL", "12345", "-000000001", "0000000000", "GGGGGGGGGG"}) {
            assertThatThrownBy(() -> QueueId.parse(text)).hasMessageContaining("is not a queue id");
        }
    }
}
