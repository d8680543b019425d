package postern.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.EOFException;
import java.io.IOException;
import postern.smtp.Reply;

/// Whatever a server sends: replies with codes of RFC 5321 §4.2, fit for one line of a log; or the end.
class ReplyReaderFuzz {
    @FuzzTest(maxDuration = "10s")
    void everyStreamOfBytesIsReadToItsEnd(byte[] data) throws IOException {
        for (boolean strict : new boolean[] {true, false}) {
            ReplyReader reader = ReplyReaderTest.reader(data, 1 + data.length % 700);
            try {
                while (true) {
                    Reply reply = reader.read(strict);
                    assertThat(reply.code()).isBetween(200, 599);
                    assertThat(reply.toString()).doesNotContain("\r", "\n", "\0");
                    assertThat(SmtpFailure.statusOf(reply).statusClass()).isEqualTo(reply.code() / 100);
                }
            } catch (EOFException | ReplyReader.Malformed e) {
                assertThat(e).hasMessageNotContaining("\n");
            }
        }
    }
}
