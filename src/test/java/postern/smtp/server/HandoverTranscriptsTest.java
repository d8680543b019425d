package postern.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import postern.transcript.MemoryWire;
import postern.transcript.Transcript;
import postern.transcript.TranscriptRun;

/// Every case in the files below `src/test/transcripts/handover`: each point at which a hand-over can fail, what
/// the next hop sees of it, and what the client hears.
class HandoverTranscriptsTest {
    private static final Path ROOT = Path.of("src/test/transcripts/handover");
    private static final Path PASSAGES = ROOT.resolve("passages.txt");

    @TempDir
    Path directory;

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(ROOT)) {
            return files.filter(file -> !file.equals(PASSAGES)).sorted().toList();
        }
    }

    static List<Arguments> cases() throws IOException {
        List<Arguments> cases = new ArrayList<>();
        for (Path file : files()) {
            read(file).keySet().stream()
                    .filter(name -> !name.startsWith("("))
                    .forEach(name -> cases.add(Arguments.of(file.getFileName().toString(), name)));
        }
        return cases;
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyCaseSaysItsRule(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith("== ") && !lines.get(i).startsWith("== (")) {
                assertThat(lines.get(i + 1)).as(lines.get(i)).startsWith("# ");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void inWholeSegments(String file, String name) throws IOException {
        play(file, name, Integer.MAX_VALUE);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void byteByByte(String file, String name) throws IOException {
        play(file, name, 1);
    }

    private void play(String file, String name, int readLimit) throws IOException {
        Transcript transcript = read(ROOT.resolve(file)).get(name);
        new TranscriptRun(transcript, new SmtpScene(directory, time -> new MemoryWire(time, readLimit))).play();
    }

    private static Map<String, Transcript> read(Path file) throws IOException {
        return Transcript.readAll(file, Transcript.readAll(PASSAGES, Map.of()));
    }
}
