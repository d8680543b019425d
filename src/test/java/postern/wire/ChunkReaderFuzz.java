package postern.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

class ChunkReaderFuzz {
    /// However a text is cut into chunks and reads, the same comes out, and it is canonical.
    @FuzzTest
    void cutsDoNotMatter(FuzzedDataProvider data) throws IOException {
        int step = data.consumeInt(1, 50);
        int cut = data.consumeInt(0, 100);
        String text = new String(data.consumeRemainingAsBytes(), StandardCharsets.ISO_8859_1);
        ChunkReader whole = new ChunkReader(Windows.of(text, 400));
        String expected = ChunkReaderTest.read(whole, text.length()) + ChunkReaderTest.finish(whole);
        int first = Math.min(cut, text.length());
        ChunkReader two = new ChunkReader(Windows.of(text, step));
        assertThat(ChunkReaderTest.read(two, first)
                        + ChunkReaderTest.read(two, text.length() - first)
                        + ChunkReaderTest.finish(two))
                .isEqualTo(expected);
        assertThat(expected.replace("\r\n", "")).doesNotContain("\r").doesNotContain("\n");
        assertThat(expected.isEmpty() || expected.endsWith("\r\n")).isTrue();
    }
}
