package postern.peers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import postern.net.SelfSigned;

/// A configuration directory for tests with real peers: the guide's files with places of its own, a
/// throw-away certificate, and a free port on loopback.
public final class PublicDirectory {
    private final Path directory;
    private final int port;

    /// @param nextHop `127.0.0.3:2525`: where mail for example.com goes
    /// @param more lines for the end of main.cf
    public PublicDirectory(Path directory, String nextHop, String more) throws IOException {
        this.directory = directory;
        this.port = freePort();
        Path guide = Path.of("conf/public");
        Files.writeString(
                directory.resolve("main.cf"),
                Files.readString(guide.resolve("main.cf")) + "\n"
                        + "queue_directory = " + Files.createDirectories(directory.resolve("spool")) + "\n"
                        + "data_directory = " + Files.createDirectories(directory.resolve("data")) + "\n"
                        + "maillog_file = " + log() + "\n"
                        + more);
        int colon = nextHop.lastIndexOf(':');
        Files.writeString(
                directory.resolve("transport"),
                Files.readString(guide.resolve("transport"))
                        .replace(
                                "[192.168.2.3]:25",
                                "[" + nextHop.substring(0, colon) + "]" + nextHop.substring(colon)));
        Files.copy(guide.resolve("relay"), directory.resolve("relay"));
        Files.writeString(directory.resolve("master.cf"), listen() + " inet n - n - - smtpd\n");
        SelfSigned certificate =
                SelfSigned.of(List.of("mail.example.com"), Instant.now().minusSeconds(60), Duration.ofDays(1));
        Path certificates = Files.createDirectories(directory.resolve("certificates"));
        Files.writeString(certificates.resolve("mail.example.com.crt"), certificate.certificatePem());
        Files.writeString(certificates.resolve("mail.example.com.key"), certificate.keyPem());
    }

    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    public int port() {
        return port;
    }

    /// `127.0.0.1:port`
    public String listen() {
        return "127.0.0.1:" + port;
    }

    public Path log() {
        return directory.resolve("log");
    }

    public String logged() throws IOException {
        return Files.exists(log()) ? Files.readString(log()) : "";
    }

    public PosternProcess start() throws IOException {
        return new PosternProcess(directory, listen());
    }
}
