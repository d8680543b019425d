package postern.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Makes system calls of a running process fail, with strace, for as long as it is open. Needs the right to
/// trace.
public final class Fault implements AutoCloseable {
    private final Process strace;
    private final long pid;

    /// @param calls `fsync,fdatasync`
    /// @param how what strace is to inject into them: `error=EIO`
    public Fault(long pid, String calls, String how) throws IOException {
        this.pid = pid;
        List<String> command = new ArrayList<>(List.of("strace", "-f", "-qq", "-o", "/dev/null"));
        command.addAll(List.of("-e", "trace=" + calls, "-e", "inject=" + calls + ":" + how, "-p", "" + pid));
        strace = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .start();
        Commands.await("strace to attach", Duration.ofSeconds(20), () -> {
            if (!strace.isAlive()) {
                throw new IOException("strace ended with " + strace.exitValue());
            }
            return traced(strace.pid());
        });
    }

    /// Whether each thread has this tracer; 0 is none.
    private boolean traced(long tracer) throws IOException {
        if (!Files.exists(Path.of("/proc/" + pid))) {
            // killed meanwhile
            return true;
        }
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
            for (Path thread : threads.toList()) {
                if (Files.exists(thread)
                        && !Files.readString(thread.resolve("status")).contains("TracerPid:\t" + tracer + "\n")) {
                    return false;
                }
            }
            return true;
        }
    }

    /// Lets the process go; from now on its calls succeed again.
    @Override
    public void close() throws IOException {
        strace.destroy();
        strace.onExit().join();
        Commands.await("strace to let go", Duration.ofSeconds(20), () -> traced(0));
    }
}
