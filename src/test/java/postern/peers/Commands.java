package postern.peers;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/// Programs of the machine, for tests with real peers.
public final class Commands {
    private Commands() {}

    /// What a finished program said on both its outputs.
    public record Output(int status, String text) {}

    /// Runs a program that must succeed; returns what it said.
    public static String run(String... command) throws IOException {
        Output output = tryRun(command);
        if (output.status() != 0) {
            throw new IOException(String.join(" ", command) + " ended with " + output.status() + ": " + output.text());
        }
        return output.text();
    }

    /// Runs a program to its end.
    public static Output tryRun(String... command) throws IOException {
        Process process = new ProcessBuilder(List.of(command))
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .start();
        try (InputStream said = process.getInputStream()) {
            String text = new String(said.readAllBytes(), StandardCharsets.UTF_8);
            return new Output(waitFor(process), text);
        }
    }

    private static int waitFor(Process process) {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            throw new IllegalStateException("tests are never interrupted", e);
        }
    }

    /// Leaves a test out, and says why, when a program is missing; with CI=true that is a failure.
    public static void need(String... programs) {
        for (String program : programs) {
            boolean there = List.of("/usr/bin/", "/usr/sbin/", "/bin/", "/sbin/").stream()
                    .anyMatch(place -> Files.isExecutable(Path.of(place + program)));
            leaveOutUnless(there, program + " is not installed (src/sh/debian.sh lists the packages)");
        }
    }

    /// Leaves a test out, and says why, unless we are root; with CI=true that is a failure.
    public static void needRoot() {
        leaveOutUnless("root".equals(System.getProperty("user.name")), "only root may do what this test does");
    }

    /// Leaves a test out unless it can be done here, and says why where everybody reads it; with CI=true that is
    /// a failure.
    public static void leaveOutUnless(boolean fulfilled, String why) {
        if (!fulfilled) {
            System.out.println("left out: " + why);
            if ("true".equals(System.getenv("CI"))) {
                throw new AssertionError(why);
            }
            Assumptions.abort(why);
        }
    }

    /// A condition that may not hold yet.
    @FunctionalInterface
    public interface Condition {
        boolean holds() throws IOException;
    }

    /// Waits until a condition holds that another process brings about.
    public static void await(String what, Duration time, Condition condition) throws IOException {
        long end = System.nanoTime() + time.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > end) {
                throw new IOException("waited in vain for " + what);
            }
            pause();
        }
    }

    /// Another process has no clock that a test could move.
    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            throw new IllegalStateException("tests are never interrupted", e);
        }
    }

    /// Whether somebody takes connections at `host:port`.
    public static boolean answers(String endpoint) {
        int colon = endpoint.lastIndexOf(':');
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(
                            endpoint.substring(0, colon), Integer.parseInt(endpoint.substring(colon + 1))),
                    500);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
