package postern.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class DotReaderTest {
    /// A source that gives `step` bytes a read.
    private static Window window(String text, int step) {
        byte[] all = text.getBytes(StandardCharsets.ISO_8859_1);
        int[] at = {0};
        return new Window(into -> {
            int count = Math.min(Math.min(step, into.remaining()), all.length - at[0]);
            if (count == 0) {
                return -1;
            }
            into.put(all, at[0], count);
            at[0] += count;
            return count;
        });
    }

    private static String read(DotReader reader) throws IOException {
        StringBuilder text = new StringBuilder();
        for (ByteBuffer piece = reader.next(); piece != null; piece = reader.next()) {
            text.append(StandardCharsets.ISO_8859_1.decode(piece));
        }
        return text.toString();
    }

    @Test
    void unstuffsDotsAndLeavesWhatFollowsForTheNextReader() throws IOException {
        for (int step = 1; step < 40; step++) {
            Window window = window("a\r\n..b\r\n.c\r\n\r\n.\r\nQUIT\r\n", step);
            assertThat(read(new DotReader(window))).as("in steps of %d", step).isEqualTo("a\r\n.b\r\nc\r\n\r\n");
            assertThat(new LineReader(window).read(100)).isEqualTo("QUIT");
        }
    }

    @Test
    void anEmptyMessageIsEmpty() throws IOException {
        assertThat(read(new DotReader(window(".\r\n", 1)))).isEmpty();
    }

    /// The list of SMTP-Smuggling-Tools: none of these ends the message.
    @Test
    void onlyCrLfDotCrLfEndsIt() throws IOException {
        String[] ends = {
            "\n.\n",
            "\n.\r",
            "\r.\n",
            "\r.\r",
            "\n.\r\n",
            "\r.\r\n",
            "\r\n\0.\r\n",
            "\r\n.\r\r\n",
            "\r\r\n.\r\r\n",
            "\r\n.\n"
        };
        for (String end : ends) {
            for (int step : new int[] {1, 2, 3, 7, 600}) {
                Window window = window("one" + end + "two\r\n.\r\n", step);
                DotReader reader = new DotReader(window);
                String text = read(reader);
                assertThat(text)
                        .as("after %s", end.replace("\r", "CR ").replace("\n", "LF "))
                        .contains("two");
                assertThat(text.replace("\r\n", ""))
                        .as("bare CR or LF")
                        .doesNotContain("\r")
                        .doesNotContain("\n");
                assertThat(window.available()).isZero();
            }
        }
    }

    @Test
    void aPeerThatLeavesBeforeTheEndHasSentNoMessage() {
        for (String text : new String[] {"", "a", "a\r\n", "a\r\n.", "a\r\n.\r", "a\r"}) {
            assertThatThrownBy(() -> read(new DotReader(window(text, 2)))).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void whatTheWriterStuffsTheReaderUnstuffs() throws IOException {
        String text = ".\r\n..\r\na.b\r\n.\r\n\r\n.end\r\n";
        for (int step = 1; step < 30; step++) {
            StringBuilder wire = new StringBuilder();
            DotWriter writer = new DotWriter(
                    bytes -> wire.append(StandardCharsets.ISO_8859_1.decode(bytes)), ByteBuffer.allocate(5));
            byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
            for (int i = 0; i < bytes.length; i += step) {
                writer.write(ByteBuffer.wrap(bytes, i, Math.min(step, bytes.length - i)));
            }
            writer.finish();
            assertThat(writer.written()).isEqualTo(wire.length());
            assertThat(read(new DotReader(window(wire.toString(), 3)))).isEqualTo(text);
        }
    }
}
