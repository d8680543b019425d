package postern.smtp.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every file below `src/test/transcripts/smtp`, whole and byte by byte.
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
        new TranscriptRun(Transcript.read(ROOT.resolve(file)), directory, Integer.MAX_VALUE).play();
    }

    @ParameterizedTest
    @MethodSource("files")
    void byteByByte(String file) throws IOException {
        Transcript transcript = Transcript.read(ROOT.resolve(file));
        boolean segments = transcript.steps().stream()
                .anyMatch(step -> step instanceof Transcript.Config config
                        && config.text().equals("segments"));
        Assumptions.assumeFalse(segments, "depends on segments");
        new TranscriptRun(transcript, directory, 1).play();
    }
}
