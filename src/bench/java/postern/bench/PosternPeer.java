package postern.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import postern.peers.Commands;

/// Our public server, started as its users start it: `./postern public -c DIR`, default settings.
final class PosternPeer implements Peer {
    private final Process process;
    private final InetSocketAddress address;
    private final String name;

    /// With the guide's main.cf and its queue.
    PosternPeer(Path directory, InetSocketAddress address, InetSocketAddress sink) throws IOException {
        this(directory, address, sink, "Postern (queue)", "postern_handover = queue\n");
    }

    /// @param settings behind the guide's main.cf
    PosternPeer(Path directory, InetSocketAddress address, InetSocketAddress sink, String name, String settings)
            throws IOException {
        Ports.awaitFree(address);
        this.address = address;
        this.name = name;
        String listen = address.getAddress().getHostAddress() + ":" + address.getPort();
        Path configuration = Files.createDirectories(directory.resolve("etc"));
        Files.writeString(
                configuration.resolve("main.cf"),
                GuideFiles.mainCf() + "\n" + settings + "queue_directory = "
                        + Files.createDirectories(directory.resolve("spool")) + "\ndata_directory = "
                        + Files.createDirectories(directory.resolve("data")) + "\nmaillog_file = "
                        + directory.resolve("log") + "\nmaillog_file_prefixes = " + directory + "\n");
        Files.writeString(configuration.resolve("master.cf"), listen + " inet n - n - - smtpd\n");
        for (Map.Entry<String, String> table : GuideFiles.tables(sink).entrySet()) {
            Path file = configuration.resolve(table.getKey());
            Files.createDirectories(file.getParent());
            Files.writeString(file, table.getValue());
        }
        Path said = directory.resolve("said");
        this.process = new ProcessBuilder("./postern", "public", "-c", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try {
            Commands.await("Postern at " + listen, Duration.ofMinutes(3), () -> {
                if (!process.isAlive()) {
                    throw new IOException(
                            "./postern ended with " + process.exitValue() + ": " + Files.readString(said));
                }
                return Commands.answers(listen);
            });
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    @Override
    public String name() {
        return name;
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

    /// The most memory that was ever resident, in megabytes.
    long peakMegabytes() throws IOException {
        return Processes.peakMegabytes(process.pid());
    }

    /// Bytes allocated on its heap so far.
    long allocatedBytes() throws IOException {
        return Allocations.bytes(process.pid());
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nothing here is ever interrupted", e);
        }
    }
}
