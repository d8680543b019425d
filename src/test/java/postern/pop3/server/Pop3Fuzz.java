package postern.pop3.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import postern.transcript.ClientEnd;
import postern.transcript.MemoryWire;

class Pop3Fuzz {
    private static final String[] LINES = {
        "CAPA\r\n",
        "USER you@example.com\r\n",
        "PASS secret\r\n",
        "AUTH PLAIN\r\n",
        "AUTH PLAIN AHlvdUBleGFtcGxlLmNvbQBzZWNyZXQ=\r\n",
        "AUTH LOGIN ",
        "STAT\r\n",
        "LIST\r\n",
        "LIST ",
        "UIDL\r\n",
        "UIDL ",
        "RETR 1\r\n",
        "RETR ",
        "TOP 1 ",
        "TOP ",
        "DELE 1\r\n",
        "DELE ",
        "RSET\r\n",
        "NOOP\r\n",
        "LANG ",
        "UTF8\r\n",
        "STLS\r\n",
        "*\r\n"
    };

    /// Whatever is sent, and however it is cut: there is no fault of ours, nothing is deleted without QUIT, and the
    /// session ends when its client goes.
    @FuzzTest
    void whateverIsSentIsAnswered(FuzzedDataProvider data) throws IOException {
        Path directory = Files.createTempDirectory("pop3fuzz");
        try (Pop3Scene scene = new Pop3Scene(directory, time -> new MemoryWire(time, data.consumeInt(1, 600)))) {
            scene.set("postern_pop3_bad_command_limit", "1000");
            scene.say("mail", "Subject: one\\r\\n\\r\\n.\\r\\ntext\\r\\n");
            scene.say("mail", "." + data.consumeAsciiString(40).replace("\\", ""));
            ClientEnd client = scene.connect("127.0.0.1");
            StringBuilder said = new StringBuilder(client.said());
            while (data.remainingBytes() > 0 && !client.isClosed()) {
                int line = data.consumeInt(0, LINES.length);
                String text = line < LINES.length ? LINES[line] : data.consumeString(40) + "\r\n";
                client.send(text.getBytes(StandardCharsets.UTF_8));
                if (data.consumeBoolean()) {
                    client.send(data.consumeBytes(20));
                }
                said.append(client.said());
            }
            client.hangUp();
            said.append(client.said());
            assertThat(client.isClosed()).isTrue();
            assertThat(said.toString()).startsWith("+OK ").doesNotContain("Internal error");
            assertThat(scene.log()).noneMatch(line -> line.contains("Exception"));
            scene.check("inbox", "1 2");
        } finally {
            Files.deleteIfExists(directory.resolve("users"));
            Files.delete(directory);
        }
    }

    /// The grammar alone: a line is a command or is refused with a line.
    @FuzzTest
    void aLineIsACommandOrRefused(FuzzedDataProvider data) {
        Verb verb = data.pickValue(Verb.values());
        try {
            assertThat(verb.parse(verb.name() + data.consumeRemainingAsString()))
                    .isNotNull();
        } catch (Response.Refused e) {
            assertThat(e.response().line()).startsWith("-ERR ");
        }
    }
}
