package postern.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import postern.config.ConfigException;
import postern.config.MainCf;
import postern.smtp.Reply;

class RejectFooterTest {
    private static RejectFooter footer(String text) {
        return new RejectFooter(
                MainCf.of(Path.of("/"), Map.of("smtpd_reject_footer", text, "myhostname", "mx.example")));
    }

    private static String behind(String reply, String text) {
        return footer(text)
                .behind(Reply.of(reply), Client.nameless(null, 7), Instant.EPOCH)
                .wire();
    }

    @Test
    void standsOnLinesOfItsOwnWithTheCodeOfTheReply() {
        assertThat(behind("550 5.1.1 no", "ask $server_name\\nport $(client_port)"))
                .isEqualTo("550-5.1.1 no\r\n550-5.1.1 ask mx.example\r\n550 5.1.1 port 7\r\n");
        assertThat(behind("550 5.1.1 no", "\\c; ask ${client_address}")).isEqualTo("550 5.1.1 no; ask unknown\r\n");
        assertThat(behind("421 4.4.2 late", "at $localtime"))
                .matches("421-4\\.4\\.2 late\r\n421 4\\.4\\.2 at \\w{3} \\d\\d \\d\\d:\\d\\d:\\d\\d\r\n");
    }

    @Test
    void otherRepliesHaveNone() {
        assertThat(behind("250 2.0.0 Ok", "ask")).isEqualTo("250 2.0.0 Ok\r\n");
        assertThat(behind("550 no", "")).isEqualTo("550 no\r\n");
    }

    @Test
    void aNameThatStandsForNothingRefusesStart() {
        assertThatThrownBy(() -> footer("for $recipient"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(
                        "smtpd_reject_footer: $recipient is none of $client_address, $client_port, $localtime, $server_name");
    }
}
