package postern.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import postern.peers.Commands;

/// The public server as an administrator starts it: `./postern public -c DIR`, with the launcher's own flags.
final class ServerFixture implements AutoCloseable {
    private final Process process;
    private final long startMillis;

    ServerFixture(Path directory, int port) throws IOException {
        long begun = System.nanoTime();
        process = new ProcessBuilder("./postern", "public", "-c", directory.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("stdout").toFile())
                .start();
        Commands.await("the server", Duration.ofSeconds(120), () -> {
            if (!process.isAlive()) {
                throw new IOException("the server ended: " + Files.readString(directory.resolve("stdout")));
            }
            return Commands.answers("127.0.0.1:" + port);
        });
        startMillis = (System.nanoTime() - begun) / 1_000_000;
    }

    /// Writes the guide's main.cf with directories of its own, a certificate, and a free port; all mail goes
    /// by the given transport.
    static int write(Path directory, String transport) throws IOException {
        String guide = Files.readString(Path.of("conf/public/main.cf"));
        Files.createDirectories(directory.resolve("certificates"));
        Commands.run(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-subj",
                "/CN=mail.example.com",
                "-days",
                "30",
                "-keyout",
                directory.resolve("certificates/mail.example.com.key").toString(),
                "-out",
                directory.resolve("certificates/mail.example.com.crt").toString());
        Files.writeString(
                directory.resolve("main.cf"),
                guide + "\n"
                        + "maillog_file = " + directory.resolve("log") + "\n"
                        + "queue_directory = " + Files.createDirectories(directory.resolve("spool")) + "\n"
                        + "data_directory = " + Files.createDirectories(directory.resolve("data")) + "\n"
                        + "smtpd_client_connection_count_limit = 0\n"
                        + "postern_handover = queue\n");
        Files.writeString(directory.resolve("transport"), "* " + transport + "\n");
        Files.copy(Path.of("conf/public/relay"), directory.resolve("relay"));
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Files.writeString(directory.resolve("master.cf"), port + " inet n - n - 2000 smtpd\n");
        return port;
    }

    long startMillis() {
        return startMillis;
    }

    long pid() {
        return process.pid();
    }

    long residentMegabytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid()), "status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
            }
        }
        throw new IOException("no VmRSS");
    }

    /// User and system time so far.
    long cpuMillis() throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(pid()), "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * 10;
    }

    static String machine() throws IOException {
        String cpu = Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("model name"))
                .findFirst()
                .orElse("unknown processor")
                .replaceAll(".*: ", "");
        return LocalDate.now(java.time.ZoneId.systemDefault()) + ", " + cpu + ", "
                + Runtime.getRuntime().availableProcessors() + " cores, Java " + Runtime.version();
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
