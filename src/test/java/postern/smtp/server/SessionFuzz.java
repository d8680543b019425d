package postern.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Path;
import postern.transcript.ClientEnd;
import postern.transcript.MemoryWire;

class SessionFuzz {
    private static final String[] LINES = {
        "EHLO client.example\r\n",
        "MAIL FROM:<a@b.example>\r\n",
        "RCPT TO:<x@example.com>\r\n",
        "DATA\r\n",
        "Subject: x\r\n\r\n",
        ".\r\n",
        "BDAT 5\r\n",
        "BDAT 3 LAST\r\n",
        "RSET\r\n",
        "VRFY x@example.com\r\n",
        "XCLIENT ADDR=192.0.2.9 ",
        "XFORWARD NAME=x ",
        "AUTH PLAIN ",
        "MAIL FROM:<a@b.example> XHANDOVER=000102030405060708090a0b0c0d0e0f\r\n",
        "XFATE 000102030405060708090a0b0c0d0e0f\r\n",
        "XFATE ",
        "MAIL FROM:<a@b.example> PRDR\r\n",
        "RCPT TO:<y@example.com>\r\n",
        "NOOP\r\n"
    };

    /// Whatever is sent, and however it is cut: each line of the answer is a line of a reply, there is no fault
    /// of ours, what was opened is closed, and the session ends when its client does.
    @FuzzTest
    void whateverIsSentIsAnswered(FuzzedDataProvider data) throws IOException {
        Stage stage = new Stage(Path.of("."), time -> new MemoryWire(time, data.consumeInt(1, 600)));
        stage.settings.put("smtpd_authorized_xclient_hosts", "192.0.2.0/24");
        stage.settings.put("smtpd_authorized_xforward_hosts", "192.0.2.0/24");
        stage.settings.put("postern_handover_clients", "192.0.2.0/24");
        stage.settings.put("smtpd_hard_error_limit", "1000");
        stage.intake.refuse("each <y@example.com>", "450 4.2.1 Try again");
        ClientEnd client = stage.connect("192.0.2.1");
        StringBuilder said = new StringBuilder(client.said());
        while (data.remainingBytes() > 0) {
            int line = data.consumeInt(0, LINES.length);
            String text = line < LINES.length ? LINES[line] : data.consumeString(40) + "\r\n";
            client.send(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            if (data.consumeBoolean()) {
                client.send(data.consumeBytes(20));
            }
            said.append(client.said());
        }
        client.hangUp();
        said.append(client.said());
        assertThat(client.isClosed()).isTrue();
        assertThat(said.toString().lines()).allMatch(each -> each.matches("[2-5][0-9][0-9][- ][^\\p{Cntrl}]*"));
        assertThat(said.toString()).doesNotContain("Server local error");
        assertThat(stage.anvil.open()).isZero();
        stage.close();
    }
}
