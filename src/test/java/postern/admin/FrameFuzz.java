package postern.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import postern.wire.ByteSource;

class FrameFuzz {
    /// Bytes that come in pieces of a few.
    private static ByteSource pieces(ByteBuffer bytes, int most) {
        return into -> {
            if (!bytes.hasRemaining()) {
                return -1;
            }
            int count = Math.min(Math.min(most, bytes.remaining()), into.remaining());
            for (int i = 0; i < count; i++) {
                into.put(bytes.get());
            }
            return count;
        };
    }

    @FuzzTest(maxDuration = "10s")
    void anythingIsFramesOrRefused(FuzzedDataProvider data) {
        int most = data.consumeInt(1, 10_000);
        Frame.Reader reader = new Frame.Reader(pieces(ByteBuffer.wrap(data.consumeRemainingAsBytes()), most));
        try {
            Frame frame = reader.read();
            while (frame != null) {
                assertThat(frame.content().remaining()).isLessThanOrEqualTo(Frame.LONGEST);
                frame = reader.read();
            }
        } catch (IOException e) {
            assertThat(e).hasMessageNotContaining("null");
        }
    }

    @FuzzTest(maxDuration = "10s")
    void whatIsWrittenIsRead(FuzzedDataProvider data) throws IOException {
        int most = data.consumeInt(1, 10_000);
        List<String> texts = new ArrayList<>();
        ByteBuffer all = ByteBuffer.allocate(4 * (Frame.LONGEST + 10));
        while (data.remainingBytes() > 0 && texts.size() < 4) {
            texts.add(data.consumeAsciiString(Frame.LONGEST));
            all.put(Frame.bytes(
                    Frame.OUT, ByteBuffer.wrap(texts.getLast().getBytes(java.nio.charset.StandardCharsets.UTF_8))));
        }
        Frame.Reader reader = new Frame.Reader(pieces(all.flip(), most));
        for (String text : texts) {
            Frame frame = reader.read();
            assertThat(frame).isNotNull();
            assertThat(frame.text()).isEqualTo(text);
        }
        assertThat(reader.read()).isNull();
    }
}
