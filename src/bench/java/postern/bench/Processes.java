package postern.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/// What the kernel counts for processes (`proc(5)`).
final class Processes {
    private static final Path PROC = Path.of("/proc");
    /// The kernel's tick for these figures, `USER_HZ`: 100 on every Linux of today.
    private static final double TICKS_PER_SECOND = 100;

    // Places in /proc/PID/stat, counted behind the name's closing bracket.
    private static final int PARENT = 1;
    private static final int USER = 11;
    private static final int SYSTEM = 12;
    private static final int CHILDREN_USER = 13;
    private static final int CHILDREN_SYSTEM = 14;

    private Processes() {}

    /// CPU seconds of a process, its living children, and those children that it has buried.
    static double cpuSeconds(long root) throws IOException {
        long ticks = 0;
        try (DirectoryStream<Path> all = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : all) {
                String[] stat = stat(process);
                if (stat.length == 0) {
                    continue;
                }
                boolean isRoot = process.getFileName().toString().equals(Long.toString(root));
                if (isRoot || stat[PARENT].equals(Long.toString(root))) {
                    ticks += Long.parseLong(stat[USER]) + Long.parseLong(stat[SYSTEM]);
                }
                if (isRoot) {
                    ticks += Long.parseLong(stat[CHILDREN_USER]) + Long.parseLong(stat[CHILDREN_SYSTEM]);
                }
            }
        }
        return ticks / TICKS_PER_SECOND;
    }

    /// Resident megabytes of a process and its living children, shared pages counted once for each.
    static long residentMegabytes(long root) throws IOException {
        long kilobytes = 0;
        try (DirectoryStream<Path> all = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : all) {
                String[] stat = stat(process);
                if (stat.length > 0
                        && (process.getFileName().toString().equals(Long.toString(root))
                                || stat[PARENT].equals(Long.toString(root)))) {
                    kilobytes += kilobytes(process, "VmRSS:");
                }
            }
        }
        return kilobytes / 1024;
    }

    /// Removes a directory with all that is in it.
    static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /// The most megabytes that a process alone ever had resident.
    static long peakMegabytes(long process) throws IOException {
        return kilobytes(PROC.resolve(Long.toString(process)), "VmHWM:") / 1024;
    }

    private static long kilobytes(Path process, String what) throws IOException {
        try {
            for (String line : Files.readAllLines(process.resolve("status"), StandardCharsets.ISO_8859_1)) {
                if (line.startsWith(what)) {
                    return Long.parseLong(line.replaceAll("[^0-9]", ""));
                }
            }
        } catch (NoSuchFileException e) {
            // It has ended meanwhile.
        }
        return 0;
    }

    private static String[] stat(Path process) {
        try {
            String text = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
            return text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
        } catch (IOException e) {
            // It has ended meanwhile.
            return new String[0];
        }
    }
}
