package postern.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineReaderTest {
    @Test
    void linesEndWithLfAndACrBeforeItBelongsToTheEnd() throws IOException {
        for (int step = 1; step < 30; step++) {
            Window window = Windows.of("EHLO x\r\nNOOP\n\r\n\nab\rc\r\nrest", step);
            LineReader reader = new LineReader(window);
            List<String> lines = new ArrayList<>();
            List<Boolean> bare = new ArrayList<>();
            for (String line = reader.read(100); line != null; line = reader.read(100)) {
                lines.add(line);
                bare.add(reader.endedBare());
            }
            assertThat(lines).containsExactly("EHLO x", "NOOP", "", "", "ab\rc");
            assertThat(bare).containsExactly(false, true, false, true, false);
        }
    }

    /// Lines longer than the window, ending anywhere in it.
    @Test
    void theLimitCountsTheBytesBeforeTheEnd() throws IOException {
        for (int length = 500; length < 1100; length++) {
            String line = "x".repeat(length);
            for (String end : new String[] {"\n", "\r\n"}) {
                LineReader reader = new LineReader(Windows.of(line + end + "QUIT\r\n", 700));
                assertThat(reader.read(length)).isEqualTo(line);
                assertThat(reader.endedBare()).isEqualTo(end.equals("\n"));
                assertThat(reader.read(length)).isEqualTo("QUIT");
                LineReader strict = new LineReader(Windows.of(line + end + "QUIT\r\n", 700));
                assertThatThrownBy(() -> strict.read(line.length() - 1)).isInstanceOf(LineReader.TooLong.class);
                assertThat(strict.read(100)).isEqualTo("QUIT");
            }
        }
    }

    /// A command line of 100 MB without an end.
    @Test
    void anEndlessLineTakesNoMemory() throws IOException {
        long[] left = {100_000_000};
        Window window = new Window(into -> {
            if (left[0] == 0) {
                return -1;
            }
            int count = (int) Math.min(into.remaining(), left[0]);
            into.position(into.position() + count);
            left[0] -= count;
            return count;
        });
        assertThat(new LineReader(window).read(2048)).isNull();
        assertThat(window.bytes()).hasSize(Window.IDLE);
    }

    @Test
    void bytesOutsideAsciiAreUtf8OrElseLatin1() throws IOException {
        LineReader reader = new LineReader(Windows.of("\u00c3\u00bc\r\n\u00fc\r\n", 3));
        assertThat(reader.read(10)).isEqualTo("\u00fc");
        assertThat(reader.malformed()).isFalse();
        assertThat(reader.read(10)).isEqualTo("\u00fc");
        assertThat(reader.malformed()).isTrue();
    }
}
