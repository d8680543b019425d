package postern.transcript;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every transcript below a directory, played three times: in memory, whole and byte by byte, and over TCP with real
/// TLS.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class EveryTranscript {
    private final Path root;

    /// @param protocol the directory below `src/test/transcripts`
    protected EveryTranscript(String protocol) {
        this.root = Path.of("src/test/transcripts", protocol);
    }

    /// The server that a transcript talks to.
    protected abstract Scene scene(Path directory, Function<VirtualTime, Wire> wire) throws IOException;

    Stream<String> files() throws IOException {
        return files(List.of());
    }

    /// Those that do not hang on which bytes come together.
    Stream<String> anySegments() throws IOException {
        return files(List.of("segments"));
    }

    /// Nor on what only a connection in memory can do.
    Stream<String> anyConnection() throws IOException {
        return files(List.of("segments", "memory"));
    }

    /// @param without words that a file says of itself when it is not for a way of playing it: `> segments`
    private Stream<String> files(List<String> without) throws IOException {
        List<String> files = new ArrayList<>();
        try (Stream<Path> tree = Files.walk(root)) {
            for (Path path : (Iterable<Path>)
                    tree.filter(path -> path.toString().endsWith(".txt")).sorted()::iterator) {
                if (Transcript.read(path).steps().stream()
                        .noneMatch(step ->
                                step instanceof Transcript.Config(int _, String text) && without.contains(text))) {
                    files.add(root.relativize(path).toString());
                }
            }
        }
        return files.stream();
    }

    @ParameterizedTest
    @MethodSource("files")
    void inWholeSegments(String file, @TempDir Path directory) throws IOException {
        play(file, scene(directory, time -> new MemoryWire(time, Integer.MAX_VALUE)));
    }

    @ParameterizedTest
    @MethodSource("anySegments")
    void byteByByte(String file, @TempDir Path directory) throws IOException {
        play(file, scene(directory, time -> new MemoryWire(time, 1)));
    }

    @ParameterizedTest
    @MethodSource("anyConnection")
    void overTcpAndTls(String file, @TempDir Path directory) throws IOException {
        play(file, scene(directory, TcpWire::new));
    }

    private void play(String file, Scene scene) throws IOException {
        new TranscriptRun(Transcript.read(root.resolve(file)), scene).play();
    }
}
