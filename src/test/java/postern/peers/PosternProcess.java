package postern.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import postern.Postern;

/// Our server as a process of its own, on the class path of its role, with the flags of the launcher.
public final class PosternProcess implements AutoCloseable {
    private final Process process;
    private final Path output;

    /// Starts `postern public -c directory` and waits until it listens.
    ///
    /// @param listen `127.0.0.1:2525`, as master.cf in the directory has it
    /// @param around a command to run it under (`strace …`), or none
    public PosternProcess(Path directory, String listen, String... around) throws IOException {
        output = directory.resolve("stdout");
        List<String> command = new ArrayList<>(List.of(around));
        command.addAll(command("public", "-Xmx96m", "public", "-c", directory.toString()));
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                .start();
        Commands.await("our server at " + listen, Duration.ofSeconds(30), () -> {
            if (!process.isAlive()) {
                throw new IOException("our server ended with " + process.exitValue() + ": " + said());
            }
            return Commands.answers(listen);
        });
    }

    /// `postern VERB …` on the class path of a role.
    ///
    /// @param heap `-Xmx96m`
    static List<String> command(String role, String heap, String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                heap,
                "-XX:+UseCompactObjectHeaders",
                "-XX:MaxDirectMemorySize=24m",
                "-Djdk.nio.maxCachedBufferSize=65536",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath(role),
                "postern.Postern"));
        command.addAll(List.of(words));
        return command;
    }

    /// The program's classes, and the libraries that `<role>.libs` names.
    private static String classPath(String role) throws IOException {
        List<String> parts = new ArrayList<>();
        parts.add(Path.of(Postern.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath())
                .toString());
        String all = System.getProperty("java.class.path");
        for (String line : Files.readAllLines(Path.of("src/main", role + ".libs"))) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String name = line.substring(0, line.length() - ".jar".length());
            for (String entry : all.split(":", -1)) {
                String file = Path.of(entry).getFileName().toString();
                if (file.matches(name + "-[0-9].*\\.jar")) {
                    parts.add(entry);
                }
            }
        }
        return String.join(":", parts);
    }

    public long pid() {
        return process.pid();
    }

    /// What it said on standard output and error.
    public String said() throws IOException {
        return Files.exists(output) ? Files.readString(output) : "";
    }

    /// `kill -9`: as a power cut, but for what the kernel holds.
    public void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /// SIGTERM, and waits for the end.
    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
