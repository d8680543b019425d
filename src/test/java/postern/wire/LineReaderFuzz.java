package postern.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

class LineReaderFuzz {
    /// However the bytes arrive, the same lines come out, none holds an LF and none is longer than allowed.
    @FuzzTest
    void cutsDoNotMatter(FuzzedDataProvider data) throws IOException {
        int step = data.consumeInt(1, 600);
        int limit = data.consumeInt(0, 2000);
        byte[] input = data.consumeRemainingAsBytes();
        List<String> lines = lines(Windows.of(input, step), limit);
        assertThat(lines).isEqualTo(lines(Windows.of(input, 512), limit));
        assertThat(lines).allSatisfy(line -> assertThat(line).doesNotContain("\n"));
        assertThat(lines).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(Math.max(limit, 8)));
    }

    private static List<String> lines(Window window, int limit) throws IOException {
        LineReader reader = new LineReader(window);
        List<String> lines = new ArrayList<>();
        while (true) {
            try {
                String line = reader.read(limit);
                if (line == null) {
                    return lines;
                }
                lines.add(line);
            } catch (LineReader.TooLong e) {
                lines.add("too long");
            }
        }
    }
}
