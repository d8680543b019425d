package postern.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

class DotReaderFuzz {
    private static final String END = "\r\n.\r\n";

    /// However the bytes arrive, the same message comes out; it is canonical, and it ends at the first
    /// CR LF . CR LF and nowhere else.
    @FuzzTest
    void cutsDoNotMatterAndOnlyTheEndEnds(FuzzedDataProvider data) throws IOException {
        int step = data.consumeInt(1, 600);
        String input = new String(data.consumeRemainingAsBytes(), StandardCharsets.ISO_8859_1);
        Window window = Windows.of(input, step);
        String message = read(window);
        assertThat(read(Windows.of(input, 512))).isEqualTo(message);
        // The end of the DATA line counts as the line end before the first dot.
        int end = ("\r\n" + input).indexOf(END);
        assertThat(message.equals("no end")).isEqualTo(end < 0);
        if (end >= 0) {
            assertThat(message.replace("\r\n", "")).doesNotContain("\r").doesNotContain("\n");
            assertThat(message.isEmpty() || message.endsWith("\r\n")).isTrue();
            String rest = input.substring(end + END.length() - 2);
            assertThat(rest(window)).isEqualTo(rest);
            assertThat(read(Windows.of(written(message, step), 512))).isEqualTo(message);
        }
    }

    private static String read(Window window) throws IOException {
        DotReader reader = new DotReader(window);
        StringBuilder text = new StringBuilder();
        try {
            for (ByteBuffer piece = reader.next(); piece != null; piece = reader.next()) {
                assertThat(piece.remaining()).isPositive();
                text.append(StandardCharsets.ISO_8859_1.decode(piece));
            }
        } catch (EOFException e) {
            return "no end";
        }
        return text.toString();
    }

    private static String rest(Window window) throws IOException {
        StringBuilder rest = new StringBuilder();
        do {
            rest.append(new String(window.bytes(), window.start(), window.available(), StandardCharsets.ISO_8859_1));
            window.discard();
        } while (window.fill());
        return rest.toString();
    }

    private static byte[] written(String message, int step) throws IOException {
        ByteBuffer wire = ByteBuffer.allocate(2 * message.length() + 5);
        DotWriter writer = new DotWriter(wire::put, ByteBuffer.allocate(16));
        byte[] bytes = message.getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < bytes.length; i += step) {
            writer.write(ByteBuffer.wrap(bytes, i, Math.min(step, bytes.length - i)));
        }
        writer.finish();
        byte[] all = new byte[wire.position()];
        wire.flip().get(all);
        return all;
    }
}
