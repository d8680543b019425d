package postern.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import postern.peers.Commands;
import postern.peers.PostfixInstance;

/// The recorded dialogues are what the Postfix of Debian's package says: so that nobody bends them to us.
class PostfixRecordedTest {
    private static final String HOST = "127.0.0.62";
    private static final int PORT = 2625;

    @TempDir
    private Path directory;

    @BeforeAll
    static void programs() throws IOException {
        Commands.needRoot();
        Commands.need("postfix", "postconf");
        Commands.leaveOutUnless(
                Commands.run("postconf", "-dh", "mail_version").startsWith("3.7."), "recorded from Postfix 3.7");
    }

    static Stream<Recorded> dialogues() throws IOException {
        List<Recorded> all = new ArrayList<>();
        for (Path file : Recorded.files().toList()) {
            all.add(Recorded.read(file));
        }
        return all.stream().filter(Recorded::needsNoWorld);
    }

    @ParameterizedTest
    @MethodSource("dialogues")
    void isWhatPostfixSays(Recorded recorded) throws IOException {
        String mainCf = String.join("\n", recorded.settings()) + "\n"
                + "smtpd_authorized_xclient_hosts = 127.0.0.0/8\n"
                + "smtpd_error_sleep_time = 0\n"
                + "smtpd_hard_error_limit = 10000\n"
                + "smtpd_junk_command_limit = 10000\n";
        List<String> differences = new ArrayList<>();
        try (PostfixInstance postfix = new PostfixInstance(directory, HOST + ":" + PORT, mainCf, Map.of());
                Dialogue dialogue = new Dialogue()) {
            assertThat(postfix.masterPid()).isPositive();
            for (Recorded.Step step : recorded.steps()) {
                String said = dialogue.say(step.command());
                if (!said.equals(step.theirs()) && !said.contains("queued as")) {
                    differences.add(step.line() + ": " + step.command() + "\n  recorded: " + step.theirs()
                            + "\n  said: " + said);
                }
            }
        }
        assertThat(differences).isEmpty();
    }

    /// A client that connects anew for each XCLIENT.
    private static final class Dialogue implements AutoCloseable {
        private @Nullable Socket socket;
        private @Nullable BufferedReader from;

        String say(String command) throws IOException {
            if (socket == null || command.startsWith("XCLIENT ")) {
                close();
                socket = new Socket(HOST, PORT);
                from = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
                reply();
            }
            Writer to = new java.io.OutputStreamWriter(socket.getOutputStream(), StandardCharsets.UTF_8);
            to.write(command + "\r\n");
            to.flush();
            return reply();
        }

        /// The last line of a reply.
        private String reply() throws IOException {
            String line;
            do {
                line = from == null ? null : from.readLine();
                if (line == null) {
                    throw new IOException("Postfix closed the connection");
                }
            } while (line.startsWith("-", 3));
            return line;
        }

        @Override
        public void close() throws IOException {
            if (socket != null) {
                socket.close();
            }
        }
    }
}
