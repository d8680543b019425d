package postern.smtp.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every file below `src/test/transcripts/smtp`: in memory, whole and byte by byte, and over TCP with real
/// TLS.
class SmtpTranscriptsTest {
    private static final Path ROOT = Path.of("src/test/transcripts/smtp");

    @TempDir
    Path directory;

    static Stream<String> files() throws IOException {
        try (Stream<Path> tree = Files.walk(ROOT)) {
            return tree
                    .filter(path -> path.toString().endsWith(".txt"))
                    .map(path -> ROOT.relativize(path).toString())
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void inWholeSegments(String file) throws IOException {
        play(file, time -> new MemoryWire(time, Integer.MAX_VALUE));
    }

    @ParameterizedTest
    @MethodSource("files")
    void byteByByte(String file) throws IOException {
        leaveOut(file, "segments");
        play(file, time -> new MemoryWire(time, 1));
    }

    @ParameterizedTest
    @MethodSource("files")
    void overTcpAndTls(String file) throws IOException {
        leaveOut(file, "segments");
        leaveOut(file, "memory");
        play(file, TcpWire::new);
    }

    private void play(String file, Function<VirtualTime, Wire> wire) throws IOException {
        new TranscriptRun(Transcript.read(ROOT.resolve(file)), directory, wire).play();
    }

    /// Leaves a file out that says of itself that it is not for this way of playing it.
    private static void leaveOut(String file, String word) throws IOException {
        boolean says = Transcript.read(ROOT.resolve(file)).steps().stream()
                .anyMatch(step -> step instanceof Transcript.Config config
                        && config.text().equals(word));
        Assumptions.assumeFalse(says, word);
    }
}
