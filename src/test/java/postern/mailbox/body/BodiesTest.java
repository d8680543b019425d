package postern.mailbox.body;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Texts in segments: what is stored, what damage is found, what compaction leaves.
class BodiesTest {
    private static final int SMALL = 300_000;

    private final SimDisk disk = new SimDisk();
    private final Named named = new Named();
    private Bodies bodies;

    @BeforeEach
    void open() throws IOException {
        bodies = new Bodies(disk, SMALL, () -> {});
    }

    @AfterEach
    void close() {
        bodies.close();
    }

    /// Those who name texts, in memory.
    private static final class Named implements Residents {
        final TreeMap<Long, Resident> rows = new TreeMap<>();
        final Map<Long, byte[]> texts = new HashMap<>();

        void add(TextPlace place, byte[] text) {
            long id = texts.size() + 1L;
            rows.put(id, new Resident(id, place, text.length));
            texts.put(id, text);
        }

        @Override
        public Map<Long, Long> live() {
            Map<Long, Long> live = new HashMap<>();
            rows.values()
                    .forEach(
                            row -> live.merge(row.place().segment(), row.place().stored(), Long::sum));
            return live;
        }

        @Override
        public List<Resident> in(long segment, long above, int most) {
            return rows.tailMap(above, false).values().stream()
                    .filter(row -> row.place().segment() == segment)
                    .limit(most)
                    .toList();
        }

        @Override
        public void moved(Map<Resident, TextPlace> moved) {
            moved.forEach((row, place) -> rows.replace(row.id(), row, new Resident(row.id(), place, row.size())));
        }
    }

    private TextPlace put(byte[] text) throws IOException {
        CompletableFuture<TextPlace> done = new CompletableFuture<>();
        try (TextWriter writer = bodies.begin()) {
            writer.write(ByteBuffer.wrap(text));
            writer.finish(new Waiting() {
                @Override
                public void forced() {
                    done.complete(writer.place());
                }

                @Override
                public void failed(IOException why) {
                    done.completeExceptionally(why);
                }
            });
            TextPlace place = done.join();
            named.add(place, text);
            return place;
        }
    }

    private byte[] read(TextPlace place, long size, long from) throws IOException {
        try (InputStream in = bodies.read(place, size, from)) {
            return in.readAllBytes();
        }
    }

    private static byte[] noise(int seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static byte[] lines(int length) {
        return "all work and no play makes a dull mailbox\r\n"
                .repeat(length / 43 + 1)
                .substring(0, length)
                .getBytes(StandardCharsets.US_ASCII);
    }

    private void allAreRead() throws IOException {
        for (Residents.Resident row : named.rows.values()) {
            assertThat(read(row.place(), row.size(), 0)).isEqualTo(named.texts.get(row.id()));
        }
    }

    @Test
    void longTextIsCompressedAndShortOrDenseTextIsNot() throws IOException {
        assertThat(put(lines(Block.FRAME)).stored()).isEqualTo(Block.FRAME + Block.HEADER);
        assertThat(put(lines(500_000)).stored()).isLessThan(50_000);
        long dense = put(noise(1, 500_000)).stored();
        assertThat(dense).isBetween(500_000L, 501_000L);
        allAreRead();
    }

    @Test
    void readingFromAnOffsetReadsNothingBeforeIt() throws IOException {
        byte[] text = lines(400_000);
        TextPlace place = put(text);
        // the first frame is damaged; what is behind it is not
        disk.flip(Segment.name(place.segment()), 40);
        assertThat(read(place, text.length, 70_000)).isEqualTo(Arrays.copyOfRange(text, 70_000, text.length));
        assertThatThrownBy(() -> read(place, text.length, 65_535))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("wrong checksum");
    }

    @Test
    void damageAnywhereIsFoundBeforeAWrongByteIsGiven() throws IOException {
        byte[] text = lines(140_000);
        TextPlace place = put(text);
        String name = Segment.name(place.segment());
        for (int at = 16; at < disk.size(name); at += 7) {
            disk.flip(name, at);
            assertThatThrownBy(() -> read(place, text.length, 0))
                    .as("byte %d", at)
                    .isInstanceOf(IOException.class);
            disk.flip(name, at);
        }
        assertThat(read(place, text.length, 0)).isEqualTo(text);
        assertThatThrownBy(() -> read(place, text.length - 1, 0)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> read(new TextPlace(place.segment(), place.at() + 1, 0), text.length, 0))
                .isInstanceOf(IOException.class);
    }

    @Test
    void failedForceIsFinalForItsSegment() throws IOException {
        TextPlace before = put(lines(1_000));
        disk.failForces(true);
        assertThatThrownBy(() -> put(lines(2_000))).hasMessageContaining("Input/output error");
        disk.failForces(false);
        assertThat(put(lines(3_000)).segment()).isGreaterThan(before.segment());
        allAreRead();
    }

    @Test
    void appendingGoesOnWhereItEnded() throws IOException {
        TextPlace first = put(lines(1_000));
        bodies.close();
        bodies = new Bodies(disk, SMALL, () -> {});
        TextPlace second = put(lines(1_000));
        assertThat(second.segment()).isEqualTo(first.segment());
        assertThat(second.at()).isGreaterThan(first.at());
        allAreRead();
    }

    @Test
    void compactionEmptiesWhatIsMostlyWasteAndLeavesTheRest() throws IOException {
        for (int i = 0; i < 40; i++) {
            put(noise(i, 50_000));
            put(lines(70_000 + i));
        }
        List<String> before = disk.names();
        assertThat(bodies.compact(named).emptied()).isZero();
        named.rows.keySet().removeIf(id -> id % 7 != 0 && id < 60);
        Bodies.Compacted compacted = bodies.compact(named);
        assertThat(compacted.emptied()).isBetween(3, before.size());
        assertThat(compacted.freed()).isGreaterThan(500_000);
        assertThat(compacted.damaged()).isEmpty();
        allAreRead();
        assertThat(disk.names()).hasSizeLessThan(before.size());
    }

    @Test
    void damagedTextStaysWhereItIsAndKeepsItsSegment() throws IOException {
        for (int i = 0; i < 12; i++) {
            put(noise(i, 50_000));
        }
        named.rows.keySet().removeIf(id -> id != 2 && id != 3);
        disk.flip(Segment.name(1), (int) named.rows.get(2L).place().at() + 100);
        Bodies.Compacted compacted = bodies.compact(named);
        assertThat(compacted.damaged()).singleElement().asString().contains("text 2");
        assertThat(disk.names()).contains(Segment.name(1));
        Residents.Resident sound = named.rows.get(3L);
        assertThat(sound.place().segment()).isGreaterThan(1);
        assertThat(read(sound.place(), sound.size(), 0)).isEqualTo(named.texts.get(3L));
    }
}
