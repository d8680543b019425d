package postern.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The peer itself: a test that blames us must know that the other side stands.
class PostfixInstanceTest {
    @TempDir
    private static Path directory;

    @BeforeAll
    static void programs() {
        Commands.needRoot();
        Commands.need("postfix", "swaks");
    }

    @Test
    void takesMailAndSaysSo() throws IOException {
        String mainCf = """
                compatibility_level = 3.6
                myhostname = peer.example
                mydestination =
                mynetworks = 127.0.0.0/8
                relay_domains = hash:/etc/postfix/relay
                default_transport = discard:
                relay_transport = discard:
                """;
        try (PostfixInstance postfix =
                new PostfixInstance(directory, "127.0.0.9:2525", mainCf, Map.of("relay", "example.org OK\n"))) {
            String dialogue = Commands.run(
                    "swaks",
                    "--server",
                    "127.0.0.9:2525",
                    "--from",
                    "a@example.net",
                    "--to",
                    "b@example.org",
                    "--silent",
                    "1");
            assertThat(dialogue).doesNotContain("**");
            Commands.await(
                    "the log",
                    java.time.Duration.ofSeconds(10),
                    () -> postfix.log().contains("status=sent"));
            assertThat(postfix.masterPid()).isPositive();
        }
    }
}
