package postern.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import postern.peers.Commands;

/// Haraka, as `haraka -i` sets it up, with one of its queue plugins and a process for each core (`nodes=cpus`).
/// Its package is fetched by npm into `build/haraka` and stays there; nothing of it belongs to the repository.
final class HarakaPeer implements Peer {
    static final String VERSION = "3.3.4";

    private static final Path PREFIX = Path.of("build/haraka");
    private static final Path PACKAGE = PREFIX.resolve("node_modules/Haraka");

    private final Process process;
    private final InetSocketAddress address;
    private final String plugin;

    /// @param plugin `smtp_proxy` or `smtp_forward`
    HarakaPeer(Path directory, InetSocketAddress address, InetSocketAddress sink, String plugin) throws IOException {
        Ports.awaitFree(address);
        this.address = address;
        this.plugin = plugin;
        String listen = address.getAddress().getHostAddress() + ":" + address.getPort();
        Commands.run("node", program(), "-i", directory.toString());
        Path configuration = directory.resolve("config");
        Files.writeString(configuration.resolve("me"), "mail.example.com\n");
        Files.writeString(configuration.resolve("host_list"), "example.com\n");
        Files.writeString(configuration.resolve("smtp.ini"), "listen=" + listen + "\nnodes=cpus\n");
        Files.writeString(configuration.resolve("plugins"), "rcpt_to.in_host_list\nqueue/" + plugin + "\n");
        Files.writeString(
                configuration.resolve(plugin + ".ini"),
                "host=" + sink.getAddress().getHostAddress() + "\nport=" + sink.getPort() + "\n");
        Path said = directory.resolve("said");
        this.process = new ProcessBuilder("node", program(), "-c", directory.toString())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try {
            Commands.await("Haraka at " + listen, Duration.ofMinutes(1), () -> {
                if (!process.isAlive()) {
                    throw new IOException("Haraka ended with " + process.exitValue() + ": " + Files.readString(said));
                }
                return Commands.answers(listen);
            });
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /// Fetches the package where it is not there yet.
    ///
    /// @throws IOException when npm is missing or cannot fetch it
    static void install() throws IOException {
        Path installed = PACKAGE.resolve("package.json");
        if (Files.exists(installed) && Files.readString(installed).contains("\"" + VERSION + "\"")) {
            return;
        }
        Files.createDirectories(PREFIX);
        Commands.run(
                "npm",
                "install",
                "--prefix",
                PREFIX.toString(),
                "--save-dev",
                "--save-exact",
                "--omit=optional",
                "--ignore-scripts",
                "--no-audit",
                "--no-fund",
                "Haraka@" + VERSION);
    }

    private static String program() {
        return PACKAGE.resolve("bin/haraka").toAbsolutePath().toString();
    }

    @Override
    public String name() {
        return "Haraka " + plugin;
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public double cpuSeconds() throws IOException {
        return Processes.cpuSeconds(process.pid());
    }

    @Override
    public long residentMegabytes() throws IOException {
        return Processes.residentMegabytes(process.pid());
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nothing here is ever interrupted", e);
        }
    }
}
