package postern.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import postern.net.Endpoint;
import postern.smtp.EnhancedStatus;
import postern.smtp.Reply;
import postern.transcript.MemoryConnection;
import postern.transcript.VirtualTime;

class ChatTest {
    private static final Endpoint ANYBODY = Endpoint.of(InetAddress.ofLiteral("192.0.2.1"), 1);

    private final MemoryConnection connection = new MemoryConnection(new VirtualTime(), ANYBODY, ANYBODY, 4096);
    private final Chat chat = new Chat(connection, Duration.ofSeconds(300));

    private String said(Reply... replies) throws IOException {
        for (Reply reply : replies) {
            chat.say(reply);
        }
        chat.flush();
        connection.hangUp();
        connection.close();
        return connection.said();
    }

    @Test
    void repliesGoOutAsTheyAreWritten() throws IOException {
        Reply many = new Reply(550, new EnhancedStatus(5, 7, 123), List.of("one", "", "three"));
        assertThat(said(Reply.of("250 2.1.0 Ok"), many, Reply.of("501 Syntax: HELO hostname"), Reply.of("354 ")))
                .isEqualTo("250 2.1.0 Ok\r\n"
                        + "550-5.7.123 one\r\n550-5.7.123 \r\n550 5.7.123 three\r\n"
                        + "501 Syntax: HELO hostname\r\n354 \r\n");
        assertThat(many.wire()).isEqualTo("550-5.7.123 one\r\n550-5.7.123 \r\n550 5.7.123 three\r\n");
    }

    /// A reply's text may come from a policy server, DNS or the next hop.
    @Test
    void aReplyIsNeverTwoReplies() throws IOException {
        assertThat(said(
                        Reply.of("550 5.7.1 no\r\n250 2.0.0 Ok"),
                        new Reply(550, null, List.of("a\0b\u007f\u0085c", "ü\r\n250 Ok\n"))))
                .isEqualTo("550 5.7.1 no??250 2.0.0 Ok\r\n550-a?b??c\r\n550 ü??250 Ok?\r\n");
    }

    @Test
    void longAndManyRepliesArriveWhole() throws IOException {
        String text = "x".repeat(100_000);
        Reply[] many = new Reply[1001];
        java.util.Arrays.fill(many, Reply.of("250 2.1.5 Ok"));
        many[500] = Reply.of("550 5.7.1 " + text + "ü");
        assertThat(said(many))
                .isEqualTo("250 2.1.5 Ok\r\n".repeat(500)
                        + "550 5.7.1 " + text + "ü\r\n"
                        + "250 2.1.5 Ok\r\n".repeat(500));
    }
}
