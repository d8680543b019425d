package postern.peers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Looks for a word of a message in every file that a process could have left it in.
final class Traces {
    private static final List<Path> TEMPORARY = List.of(Path.of("/tmp"), Path.of("/var/tmp"), Path.of("/dev/shm"));

    private final String marker = "xyzzy-" + Long.toHexString(System.nanoTime());
    private final FileTime begun = FileTime.from(Instant.now().minusSeconds(2));
    private final Path directory;

    /// @param directory what a server has of its own: configuration, queue, ledger, log, output
    Traces(Path directory) {
        this.directory = directory;
    }

    /// A word that is nowhere else.
    String marker() {
        return marker;
    }

    /// The files with the word: those of the server, and what has been written since in the directories for
    /// temporary files (the machine's own statistics of a JVM among them).
    List<Path> left() throws IOException {
        List<Path> found = new ArrayList<>(below(directory, FileTime.fromMillis(0)));
        for (Path temporary : TEMPORARY) {
            if (Files.isDirectory(temporary)) {
                found.addAll(below(temporary, begun));
            }
        }
        return found;
    }

    /// The same among the files that a process has open, deleted ones too.
    List<Path> open(long pid) throws IOException {
        List<Path> open;
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            open = descriptors.filter(Files::isRegularFile).toList();
        }
        List<Path> found = new ArrayList<>();
        for (Path file : open) {
            if (holds(file)) {
                found.add(file);
            }
        }
        return found;
    }

    private List<Path> below(Path root, FileTime since) throws IOException {
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile() && attributes.lastModifiedTime().compareTo(since) >= 0 && holds(file)) {
                    found.add(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) {
                return FileVisitResult.CONTINUE;
            }
        });
        return found;
    }

    private boolean holds(Path file) {
        byte[] buffer = new byte[1 << 16];
        int kept = 0;
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(buffer, kept, buffer.length - kept); n > 0; ) {
                int end = kept + n;
                if (new String(buffer, 0, end, StandardCharsets.ISO_8859_1).contains(marker)) {
                    return true;
                }
                kept = Math.min(end, marker.length());
                System.arraycopy(buffer, end - kept, buffer, 0, kept);
                n = in.read(buffer, kept, buffer.length - kept);
            }
            return false;
        } catch (IOException e) {
            // gone meanwhile, or nobody may read it
            return false;
        }
    }
}
