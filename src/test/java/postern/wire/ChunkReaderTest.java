package postern.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ChunkReaderTest {
    static String read(ChunkReader reader, int size) throws IOException {
        StringBuilder text = new StringBuilder();
        reader.begin(size);
        for (ByteBuffer piece = reader.next(); piece != null; piece = reader.next()) {
            text.append(StandardCharsets.ISO_8859_1.decode(piece));
        }
        return text.toString();
    }

    static String finish(ChunkReader reader) {
        @Nullable ByteBuffer rest = reader.finish();
        return rest == null ? "" : StandardCharsets.ISO_8859_1.decode(rest).toString();
    }

    @Test
    void readsExactlyWhatWasAnnouncedAndLeavesTheRest() throws IOException {
        for (int step = 1; step < 40; step++) {
            Window window = Windows.of("a\r\n.\r\n..b\r\nNOOP\r\n", step);
            ChunkReader reader = new ChunkReader(window);
            assertThat(read(reader, 11)).as("in steps of %d", step).isEqualTo("a\r\n.\r\n..b\r\n");
            assertThat(finish(reader)).isEmpty();
            assertThat(new LineReader(window).read(100)).isEqualTo("NOOP");
        }
    }

    @Test
    void aLineEndMayLieAcrossChunks() throws IOException {
        for (int step = 1; step < 10; step++) {
            ChunkReader reader = new ChunkReader(Windows.of("a\r\nb\r\n", step));
            assertThat(read(reader, 2) + read(reader, 1) + read(reader, 0) + read(reader, 3) + finish(reader))
                    .isEqualTo("a\r\nb\r\n");
            assertThat(reader.bareNewlines() + reader.bareReturns()).isZero();
        }
    }

    @Test
    void bareNewlinesAndReturnsNeverComeOut() throws IOException {
        for (int step = 1; step < 20; step++) {
            ChunkReader reader = new ChunkReader(Windows.of("a\nb\rc\r\r\n\n.\n\r", step));
            assertThat(read(reader, 12) + finish(reader)).isEqualTo("a\r\nb c \r\n\r\n.\r\n \r\n");
            assertThat(reader.bareNewlines()).isEqualTo(3);
            assertThat(reader.bareReturns()).isEqualTo(3);
        }
    }

    @Test
    void theLastLineGetsAnEnd() throws IOException {
        ChunkReader reader = new ChunkReader(Windows.of("abc", 2));
        assertThat(read(reader, 3) + finish(reader)).isEqualTo("abc\r\n");
    }

    @Test
    void aPeerThatLeavesBeforeTheEndHasSentNoMessage() {
        assertThatThrownBy(() -> read(new ChunkReader(Windows.of("abc", 2)), 4)).isInstanceOf(EOFException.class);
        ChunkReader skipping = new ChunkReader(Windows.of("abc", 2));
        skipping.begin(4);
        assertThatThrownBy(skipping::skip).isInstanceOf(EOFException.class);
    }

    @Test
    void skippingStopsAtTheEndOfTheChunk() throws IOException {
        Window window = Windows.of("x".repeat(5000) + "NOOP\r\n", 700);
        ChunkReader reader = new ChunkReader(window);
        reader.begin(5000);
        reader.skip();
        assertThat(new LineReader(window).read(100)).isEqualTo("NOOP");
    }
}
