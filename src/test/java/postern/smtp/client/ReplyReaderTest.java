package postern.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import postern.smtp.EnhancedStatus;
import postern.smtp.Reply;
import postern.wire.Window;

class ReplyReaderTest {
    /// A reader over a source that gives `step` bytes a read.
    static ReplyReader reader(byte[] all, int step) {
        int[] at = {0};
        return new ReplyReader(new Window(into -> {
            int count = Math.min(Math.min(step, into.remaining()), all.length - at[0]);
            if (count == 0) {
                return -1;
            }
            into.put(all, at[0], count);
            at[0] += count;
            return count;
        }));
    }

    private static ReplyReader reader(String text) {
        return reader(text.getBytes(StandardCharsets.UTF_8), 1000);
    }

    @Test
    void readsOneReplyAfterTheOtherHoweverTheyArrive() throws IOException {
        byte[] all =
                "220 mx.example ESMTP\r\n250-mx.example\r\n250-SIZE 1000\r\n250 DSN\r\n550 5.1.1 <a@b>: no\r\n250\r\n"
                        .getBytes(StandardCharsets.US_ASCII);
        for (int step = 1; step < all.length; step++) {
            ReplyReader reader = reader(all, step);
            assertThat(reader.read(true)).isEqualTo(Reply.of("220 mx.example ESMTP"));
            assertThat(reader.read(true).lines()).containsExactly("mx.example", "SIZE 1000", "DSN");
            assertThat(reader.read(true)).isEqualTo(Reply.of("550 5.1.1 <a@b>: no"));
            assertThat(reader.read(true)).isEqualTo(Reply.of("250 "));
            assertThatThrownBy(() -> reader.read(true)).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void theSameReplyAgainIsTheSameObject() throws IOException {
        ReplyReader reader = reader("250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n250 2.1.0 Ok\r\n");
        Reply first = reader.read(true);
        assertThat(reader.read(true)).isNotSameAs(first);
        assertThat(reader.read(true)).isSameAs(first);
    }

    @Test
    void theEnhancedStatusIsTakenFromTheLastLineAndOffTheLinesThatHaveIt() throws IOException {
        Reply reply = reader("550-5.7.1 one\r\n550-two\r\n550 5.7.1 three\r\n").read(true);
        assertThat(reply.status()).isEqualTo(new EnhancedStatus(5, 7, 1));
        assertThat(reply.lines()).containsExactly("one", "two", "three");
    }

    @Test
    void aStatusOfAnotherClassIsText() throws IOException {
        Reply reply = reader("550 4.7.1 odd\r\n").read(true);
        assertThat(reply.status()).isNull();
        assertThat(reply.text()).isEqualTo("4.7.1 odd");
    }

    @Test
    void garbageEndsAPipelinedDialogAndIsSkippedInAnother() throws IOException {
        String garbage = "hello\r\n999 x\r\n099 y\r\n25\r\n250_z\r\n\r\n250 Ok\r\n";
        assertThat(reader(garbage).read(false).text()).isEqualTo("Ok");
        assertThatThrownBy(() -> reader(garbage).read(true)).isInstanceOf(ReplyReader.Malformed.class);
    }

    @Test
    void aLongLineIsCutAndTheNextReplyIsWhole() throws IOException {
        ReplyReader reader = reader("550 " + "x".repeat(1_000_000) + "\r\n250 Ok\r\n");
        assertThatThrownBy(() -> reader("250-" + "x".repeat(100) + "\r\n").read(true))
                .isInstanceOf(EOFException.class);
        assertThat(reader.read(true).text()).hasSize(2044).startsWith("xxx");
        assertThat(reader.read(true).text()).isEqualTo("Ok");
    }

    @Test
    void aReplyWithoutEndIsGivenUpInConstantMemory() {
        byte[] line = "250-and another thing\r\n".getBytes(StandardCharsets.US_ASCII);
        long[] given = {0};
        ReplyReader reader = new ReplyReader(new Window(into -> {
            into.put(line[(int) (given[0]++ % line.length)]);
            return 1;
        }));
        assertThatThrownBy(() -> reader.read(true)).isInstanceOf(ReplyReader.Malformed.class);
        assertThat(given[0]).isLessThan(70_000);
    }

    /// No byte of a peer's can end a line of our log or of a notice.
    @Test
    void controlCharactersBecomeQuestionMarks() throws IOException {
        assertThat(reader("550 a\rb\0c\u001bd\te\u007f\r\n").read(true).text()).isEqualTo("a?b?c?d e?");
        assertThat(reader("550 größer\r\n").read(true).text()).isEqualTo("größer");
        byte[] latin = "550 gr\u00f6\u00dfer\r\n".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(reader(latin, 5).read(true).text()).isEqualTo("größer");
    }
}
