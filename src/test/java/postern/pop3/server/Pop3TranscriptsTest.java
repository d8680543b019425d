package postern.pop3.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import postern.transcript.MemoryWire;
import postern.transcript.TcpWire;
import postern.transcript.Transcript;
import postern.transcript.TranscriptRun;
import postern.transcript.VirtualTime;
import postern.transcript.Wire;

/// Every file below `src/test/transcripts/pop3`: in memory, whole and byte by byte, and over TCP with real TLS.
class Pop3TranscriptsTest {
    private static final Path ROOT = Path.of("src/test/transcripts/pop3");

    @TempDir
    Path directory;

    static Stream<String> files() throws IOException {
        return files(List.of());
    }

    /// Those that do not hang on which bytes come together.
    static Stream<String> anySegments() throws IOException {
        return files(List.of("segments"));
    }

    /// Nor on what only a connection in memory can do.
    static Stream<String> anyConnection() throws IOException {
        return files(List.of("segments", "memory"));
    }

    /// @param without words that a file says of itself when it is not for a way of playing it: `> segments`
    private static Stream<String> files(List<String> without) throws IOException {
        List<String> files = new ArrayList<>();
        try (Stream<Path> tree = Files.walk(ROOT)) {
            for (Path path : (Iterable<Path>)
                    tree.filter(path -> path.toString().endsWith(".txt")).sorted()::iterator) {
                if (Transcript.read(path).steps().stream()
                        .noneMatch(step ->
                                step instanceof Transcript.Config(int _, String text) && without.contains(text))) {
                    files.add(ROOT.relativize(path).toString());
                }
            }
        }
        return files.stream();
    }

    @ParameterizedTest
    @MethodSource("files")
    void inWholeSegments(String file) throws IOException {
        play(file, time -> new MemoryWire(time, Integer.MAX_VALUE));
    }

    @ParameterizedTest
    @MethodSource("anySegments")
    void byteByByte(String file) throws IOException {
        play(file, time -> new MemoryWire(time, 1));
    }

    @ParameterizedTest
    @MethodSource("anyConnection")
    void overTcpAndTls(String file) throws IOException {
        play(file, TcpWire::new);
    }

    private void play(String file, Function<VirtualTime, Wire> wire) throws IOException {
        new TranscriptRun(Transcript.read(ROOT.resolve(file)), new Pop3Scene(directory, wire)).play();
    }
}
