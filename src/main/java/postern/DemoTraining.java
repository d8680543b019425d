package postern;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import postern.log.MailLog;
import postern.net.Deadlines;
import postern.net.Uptime;

/// The public server alone between two stand-ins, a message each way: what the class-data archive of its role is made
/// from, on its own class path.
final class DemoTraining {
    private static final String INTERNET = "198.51.100.25";
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String ZONE = """
            example.net.     IN  MX  10 mx.example.net.
            mx.example.net.  IN  A   198.51.100.25
            """;

    private DemoTraining() {}

    static int run() throws IOException {
        Path directory = Files.createTempDirectory("postern-demo-");
        Deadlines deadlines = new Deadlines(new Uptime()).start();
        DemoRoads roads = new DemoRoads(deadlines);
        try (DemoZone zone = new DemoZone(ZONE);
                DemoHost home = new DemoHost("internal-mail.example.com", "127.0.0.1", deadlines, line -> {});
                DemoHost internet = new DemoHost("mx.example.net", "127.0.0.1", deadlines, line -> {});
                DemoPublic _ = new DemoPublic(
                        directory, new DemoPublic.World(roads, deadlines, MailLog.none(), zone.endpoint()), 0)) {
            roads.lead(DemoPrivate.VPN, 25, home.endpoint(), false);
            roads.lead(INTERNET, 25, internet.endpoint(), false);
            send(roads, INTERNET, DemoPublic.INTERNET, "somebody@example.net", "you@example.com");
            send(roads, DemoPrivate.VPN, DemoPublic.VPN, "you@example.com", "somebody@example.net");
            return home.take(PATIENCE) != null && internet.take(PATIENCE) != null ? 0 : 1;
        } finally {
            deadlines.close();
            Demo.remove(directory);
        }
    }

    private static void send(DemoRoads roads, String source, String server, String from, String to) throws IOException {
        try (DemoSender sender = new DemoSender(roads.dial(source, server, 25, PATIENCE), "sender", line -> {})) {
            sender.send(from, to, DemoText.MESSAGE);
        }
    }
}
