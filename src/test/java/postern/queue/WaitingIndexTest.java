package postern.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WaitingIndexTest {
    private static final int MESSAGES = 10_000;

    private final Segments segments = new Segments();
    private final Segment one = segment(1);
    private final Segment two = segment(2);
    private final WaitingIndex index = new WaitingIndex(segments::at);

    /// What the index should hold.
    private record Expected(long due, int hash, boolean held, Kept.Place mail, Kept.Place state) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void holdsWhatAMapHolds(long seed) {
        Random random = new Random(seed);
        Map<QueueId, Expected> expected = new HashMap<>();
        for (int i = 0; i < 100_000; i++) {
            QueueId id = new QueueId(1 + random.nextInt(MESSAGES));
            int dice = random.nextInt(10);
            if (dice < 6) {
                Kept kept = kept(id, random);
                index.put(kept);
                expected.put(id, expected(kept));
            } else if (dice < 9) {
                index.remove(id);
                expected.remove(id);
            } else {
                poll(expected, random.nextInt(2000));
            }
        }
        assertThat(index.ids()).hasSize(expected.size());
        for (int value = 1; value <= MESSAGES; value++) {
            QueueId id = new QueueId(value);
            Kept kept = index.get(id);
            assertThat(kept == null ? null : expected(kept)).isEqualTo(expected.get(id));
        }
        while (index.waiting() > 0) {
            poll(expected, Long.MAX_VALUE >>> 32);
        }
        assertThat(expected.values()).allMatch(Expected::held);
        assertThat(index.held()).isEqualTo(expected.size());
    }

    @Test
    void flushReordersWhatItTouches() {
        for (int i = 1; i <= 100; i++) {
            Kept kept = new Kept(new QueueId(i), 1000 + i, new Kept.Place(one, 0));
            kept.nextHopHash(i % 2);
            index.put(kept);
        }
        index.flush(1, 50);
        for (int i = 0; i < 50; i++) {
            assertThat(Objects.requireNonNull(index.poll(50)).nextHopHash()).isEqualTo(1);
        }
        assertThat(index.poll(50)).isNull();
        assertThat(index.nextDue()).isEqualTo(1002);
    }

    @Test
    void timesAfter2038AreKept() {
        long due = Instant.parse("2090-01-01T00:00:00Z").getEpochSecond();
        index.put(new Kept(new QueueId(1), due, new Kept.Place(one, 0)));
        index.put(new Kept(new QueueId(2), 5, new Kept.Place(one, 0)));
        assertThat(Objects.requireNonNull(index.poll(due)).id()).isEqualTo(new QueueId(2));
        assertThat(index.nextDue()).isEqualTo(due);
    }

    /// The index gives out the longest overdue, or nothing when nothing is due.
    private void poll(Map<QueueId, Expected> expected, long now) {
        long first = expected.values().stream()
                .filter(message -> !message.held())
                .mapToLong(Expected::due)
                .min()
                .orElse(Long.MAX_VALUE);
        Kept kept = index.poll(now);
        if (first > now) {
            assertThat(kept).isNull();
            return;
        }
        Kept polled = Objects.requireNonNull(kept);
        assertThat(polled.due()).isEqualTo(first);
        assertThat(expected.remove(polled.id())).isEqualTo(expected(polled));
    }

    private Kept kept(QueueId id, Random random) {
        Segment segment = random.nextBoolean() ? one : two;
        Kept kept = new Kept(id, random.nextInt(2000), new Kept.Place(segment, random.nextInt(1 << 26)));
        kept.nextHopHash(random.nextInt());
        kept.held(random.nextInt(5) == 0);
        if (random.nextBoolean()) {
            kept.state(new Kept.Place(segment == one ? two : one, random.nextInt(1 << 26)));
        }
        return kept;
    }

    private static Expected expected(Kept kept) {
        return new Expected(kept.due(), kept.nextHopHash(), kept.held(), kept.mail(), kept.state());
    }

    private Segment segment(int major) {
        Segment segment = new Segment(new SegmentName(major, 0), new SimDisk(), Instant.EPOCH);
        segments.add(segment);
        return segment;
    }
}
