package postern.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LongLinesTest {
    private static String broken(String text, int limit, int step) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LongLines lines = new LongLines(
                bytes -> out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining()), limit);
        byte[] all = text.getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < all.length; i += step) {
            lines.write(ByteBuffer.wrap(all, i, Math.min(step, all.length - i)));
        }
        return out.toString(StandardCharsets.US_ASCII);
    }

    @Test
    void shortLinesPassUnchanged() throws IOException {
        String text = "a\r\n\r\n12345\r\n";
        for (int step = 1; step < 20; step++) {
            assertThat(broken(text, 5, step)).isEqualTo(text);
        }
        assertThat(broken("x".repeat(5000), 0, 700)).hasSize(5000);
    }

    @Test
    void longLinesAreBrokenWithSpace() throws IOException {
        assertThat(broken("123456\r\n", 5, 100)).isEqualTo("12345\r\n 6\r\n");
        assertThat(broken("1234567890123\r\nx\r\n", 5, 100)).isEqualTo("12345\r\n 6789\r\n 0123\r\nx\r\n");
    }

    /// However the text is cut into pieces: no line is longer than the limit allows (one byte more where a
    /// piece ended), nothing is lost, and a text that fits is unchanged.
    @Test
    void everyTextFitsAfterwardsAndLosesNothing() throws IOException {
        Random random = new Random(7);
        for (int round = 0; round < 2_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int lines = random.nextInt(8); lines > 0; lines--) {
                text.append("x".repeat(random.nextInt(25))).append("\r\n");
            }
            int step = 1 + random.nextInt(40);
            String out = broken(text.toString(), 10, step);
            assertThat(out.lines()).allMatch(line -> line.length() <= 11);
            assertThat(out.replace("\r\n ", "").replace("\r\n", ""))
                    .isEqualTo(text.toString().replace("\r\n", ""));
            byte[] bytes = text.toString().getBytes(StandardCharsets.US_ASCII);
            assertThat(LongLines.fits(bytes, 0, bytes.length, 10))
                    .isEqualTo(text.toString().lines().allMatch(line -> line.length() <= 10))
                    .isEqualTo(out.contentEquals(text));
        }
    }
}
