package postern.mailbox.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The only look that delivery takes at a message: whatever it is, it costs no memory.
class SpamMarkTest {
    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "X-Spam-Flag: YES\\r\\n\\r\\n;true",
                "x-spam-flag:yes\\r\\n\\r\\n;true",
                "X-Spam: Yes\\r\\n\\r\\n;true",
                "X-Spam-Flag: NO\\r\\n\\r\\n;false",
                "Subject: x\\r\\n X-Spam: Yes\\r\\n\\r\\n;false",
                "Subject: x\\r\\n\\r\\nX-Spam: Yes\\r\\n;false",
                "no header\\r\\nX-Spam: Yes\\r\\n;false",
                "\\0\\r\\n;false"
            })
    void onlyAFieldOfTheHeaderCounts(String text, boolean spam) {
        String message = text.replace("\\r", "\r").replace("\\n", "\n").replace("\\0", "\0");
        for (int cut = 0; cut <= message.length(); cut++) {
            SpamMark mark = new SpamMark();
            mark.look(bytes(message.substring(0, cut)));
            mark.look(bytes(message.substring(cut)));
            assertThat(mark.isFound()).isEqualTo(spam);
        }
    }

    /// A hundred megabytes in one line of the header.
    @Test
    void lineWithoutEndIsNotHeld() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        ByteBuffer piece = bytes("a".repeat(64 * 1024));
        SpamMark mark = new SpamMark();
        mark.look(bytes("X-Spam: "));
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 1_600; i++) {
            mark.look(piece);
        }
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(2 << 20);
        assertThat(mark.isFound()).isFalse();
    }

    @Test
    void fieldBehindAMillionOthersIsFound() {
        ByteBuffer piece = bytes("X: y\r\n".repeat(10_000));
        SpamMark mark = new SpamMark();
        for (int i = 0; i < 100; i++) {
            mark.look(piece);
        }
        mark.look(bytes("X-Spam: Yes\r\n\r\n"));
        assertThat(mark.isFound()).isTrue();
    }
}
