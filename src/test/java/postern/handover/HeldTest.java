package postern.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import postern.smtp.Reply;

class HeldTest {
    private final Held.Store store = new Held.Store(Duration.ZERO);

    @Test
    void textGrowsFromOneArrayIntoTheNext() {
        ByteBuffer held = store.fit(null, 5);
        held.put("hello".getBytes(StandardCharsets.US_ASCII));
        ByteBuffer grown = store.fit(held, Held.FIRST);
        assertThat(grown.capacity()).isEqualTo(Held.MOST);
        assertThat(new String(grown.array(), 0, grown.position(), StandardCharsets.US_ASCII))
                .isEqualTo("hello");
        assertThat(store.lent()).isEqualTo(Held.MOST);
        assertThat(store.fit(grown, Held.MOST - 5)).isSameAs(grown);
        assertThat(store.fit(grown, Held.MOST - 4)).isNull();
        store.giveBack(grown);
        assertThat(store.lent()).isZero();
    }

    @Test
    void allTextsTogetherHaveOneBoundAndLongOnesLeaveRoomForThoseThatBegin() {
        List<ByteBuffer> taken = new ArrayList<>();
        assertThatThrownBy(() -> {
                    while (true) {
                        taken.add(store.fit(null, Held.MOST));
                    }
                })
                .isInstanceOf(Reply.Refused.class);
        assertThat(store.lent()).isEqualTo(12 * 1024 * 1024);
        assertThatThrownBy(() -> {
                    while (true) {
                        taken.add(store.fit(null, 1));
                    }
                })
                .isInstanceOf(Reply.Refused.class);
        assertThat(store.lent()).isEqualTo(16 * 1024 * 1024);
        taken.forEach(store::giveBack);
        assertThat(store.lent()).isZero();
    }
}
