package postern;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import postern.config.MainCf;
import postern.config.MasterCf;
import postern.log.MailLog;
import postern.net.Deadlines;
import postern.net.Endpoint;
import postern.net.SelfSigned;

/// The public server of the demo: the guide's files with a throw-away certificate. Only where things lie is set
/// for the demo.
final class DemoPublic implements Closeable {
    /// Its addresses in the guide.
    static final String INTERNET = "11.22.33.44";

    static final String VPN = "192.168.2.2";

    private final PublicServer server;

    /// What it stands in.
    record World(DemoRoads roads, Deadlines deadlines, MailLog log, String names) {}

    /// @param directory an empty one
    /// @param port where everybody on this machine may talk to it; 0 for none
    DemoPublic(Path directory, World world, int port) throws IOException {
        server = PublicServer.start(
                configuration(directory, world.names(), port),
                MasterCf.load(directory),
                new PublicServer.Surroundings(world.log(), world.roads().from(VPN), world.deadlines(), 0));
        Endpoint told = server.listening().getFirst();
        world.roads().lead(INTERNET, 25, told, true);
        world.roads().lead(VPN, 25, told, true);
    }

    private static MainCf configuration(Path directory, String names, int port) throws IOException {
        Path guide = Demo.guide().resolve("public");
        for (String name : List.of("main.cf", "transport", "relay")) {
            Files.copy(guide.resolve(name), directory.resolve(name));
        }
        String services = """
                127.0.0.1:0 inet n - y - - smtpd
                  -o smtpd_upstream_proxy_protocol=haproxy
                  -o postern_upstream_proxy_hosts=127.0.0.1
                """;
        String open = port == 0 ? "" : "127.0.0.1:" + port + " inet n - y - - smtpd\n";
        Files.writeString(directory.resolve("master.cf"), services + open);
        SelfSigned certificate =
                SelfSigned.of(List.of("mail.example.com"), Instant.now().minusSeconds(60), Duration.ofDays(1));
        Path certificates = Files.createDirectory(directory.resolve("certificates"));
        Files.writeString(certificates.resolve("mail.example.com.crt"), certificate.certificatePem());
        Files.writeString(certificates.resolve("mail.example.com.key"), certificate.keyPem());
        Map<String, String> places = new HashMap<>();
        places.put(
                "queue_directory",
                Files.createDirectory(directory.resolve("spool")).toString());
        places.put(
                "data_directory",
                Files.createDirectory(directory.resolve("data")).toString());
        places.put("maillog_file", "");
        places.put("postern_dns_servers", names);
        return MainCf.load(directory).with(places, "demo");
    }

    int queued() {
        return server.queued();
    }

    @Override
    public void close() {
        server.close();
    }
}
