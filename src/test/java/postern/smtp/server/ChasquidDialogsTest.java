package postern.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import postern.transcript.ClientEnd;
import postern.transcript.MemoryWire;
import postern.transcript.Transcript;

/// The SMTP dialogs of chasquid's tests, played against us. Where our answer is another one, with reason,
/// `differences.tsv` beside them has it: file, line, our answer, why.
class ChasquidDialogsTest {
    private static final Path ROOT = Path.of("src/test/corpus/chasquid-dialogs");
    private static final Pattern LINE =
            Pattern.compile("c (->|~>|<-|<~|<\\.\\.\\.|tcp_connect|tls_connect|close) ?(.*)");

    @TempDir
    Path directory;

    static Stream<String> files() throws IOException {
        try (Stream<Path> files = Files.list(ROOT)) {
            return files
                    .map(path -> path.getFileName().toString())
                    .filter(name -> name.endsWith(".cmy"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    private static Map<String, String> differences() throws IOException {
        Map<String, String> differences = new HashMap<>();
        for (String line : Files.readAllLines(ROOT.resolve("differences.tsv"))) {
            if (!line.startsWith("#")) {
                String[] columns = line.split("\t");
                assertThat(columns)
                        .as("file, line, answer, reason in: %s", line)
                        .hasSize(4);
                differences.put(columns[0] + ":" + columns[1], columns[2]);
            }
        }
        return differences;
    }

    @ParameterizedTest
    @MethodSource("files")
    void dialog(String file) throws IOException {
        Stage stage = new Stage(directory, time -> new MemoryWire(time, 4096));
        stage.settings.put("append_dot_mydomain", "no");
        stage.settings.put("relay_domains", "testserver");
        stage.user("user@testserver", "secretpassword");
        stage.settings.putAll(Map.of(
                "smtpd_sasl_auth_enable",
                "yes",
                "message_size_limit",
                "1048576",
                "smtpd_forbid_bare_newline",
                "reject"));
        Dialog dialog = new Dialog(stage);
        Map<String, String> differences = differences();
        List<String> lines = Files.readAllLines(ROOT.resolve(file));
        for (int i = 0; i < lines.size(); i++) {
            Matcher line = LINE.matcher(lines.get(i));
            if (line.matches()) {
                dialog.play(line.group(1), line.group(2), file + ":" + (i + 1), differences.get(file + ":" + (i + 1)));
            }
        }
        Path wanted = ROOT.resolve(file + ".verify");
        if (Files.exists(wanted)) {
            assertThat(stage.intake
                            .taken()
                            .getLast()
                            .text()
                            .replace("\r\n", "\n")
                            .strip())
                    .isEqualTo(Files.readString(wanted).strip());
        }
    }

    /// One client, and what it was told and has not looked at.
    private static final class Dialog {
        private final Stage stage;
        private final Deque<String> said = new ArrayDeque<>();
        private @Nullable ClientEnd connection;

        Dialog(Stage stage) {
            this.stage = stage;
        }

        void play(String what, String text, String place, @Nullable String ours) throws IOException {
            switch (what) {
                case "tcp_connect" -> connect();
                case "tls_connect" -> {
                    connect();
                    said();
                    send("STARTTLS\r\n");
                    assertThat(said()).startsWith("220");
                    connection().shakeHands(true);
                    said.add("220 under TLS");
                }
                case "close" -> connection().hangUp();
                case "->" -> send(text + "\r\n");
                case "~>" -> send(new Expression(text).value());
                case "<..." -> {
                    while (said().startsWith("250-")) {
                        // on to the last line
                    }
                }
                case "<-" -> assertThat(said()).as(place).isEqualTo(ours == null ? text : ours);
                default -> assertThat(said()).as(place).startsWith(ours == null ? text : ours);
            }
        }

        private void connect() throws IOException {
            said.clear();
            connection = stage.connect("192.0.2.1");
        }

        private ClientEnd connection() {
            return Objects.requireNonNull(connection);
        }

        private void send(String text) throws IOException {
            connection().send(text.getBytes(StandardCharsets.UTF_8));
        }

        private String said() throws IOException {
            if (said.isEmpty()) {
                connection().said().lines().forEach(said::add);
            }
            assertThat(said).as("the server says something").isNotEmpty();
            return said.remove();
        }
    }

    /// `('a' * 899 + '\r\n') * 1165`
    private static final class Expression {
        private final String text;
        private int at;

        Expression(String text) {
            this.text = text;
        }

        String value() {
            StringBuilder sum = new StringBuilder(product());
            while (next('+')) {
                sum.append(product());
            }
            return sum.toString();
        }

        private String product() {
            String factor = factor();
            while (next('*')) {
                int from = at;
                while (at < text.length() && Character.isDigit(text.charAt(at))) {
                    at++;
                }
                factor = factor.repeat(Integer.parseInt(text, from, at, 10));
            }
            return factor;
        }

        private String factor() {
            if (next('(')) {
                String inside = value();
                next(')');
                return inside;
            }
            int close = text.indexOf('\'', at + 1);
            String literal = text.substring(at + 1, close);
            at = close + 1;
            return new String(Transcript.unescape(literal), StandardCharsets.UTF_8);
        }

        private boolean next(char c) {
            while (at < text.length() && text.charAt(at) == ' ') {
                at++;
            }
            if (at < text.length() && text.charAt(at) == c) {
                at++;
                while (at < text.length() && text.charAt(at) == ' ') {
                    at++;
                }
                return true;
            }
            return false;
        }
    }
}
