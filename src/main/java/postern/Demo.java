package postern;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import postern.config.ConfigFiles;
import postern.config.MainCf;
import postern.config.MasterCf;
import postern.log.MailLog;
import postern.net.Connection;
import postern.net.Deadlines;
import postern.net.Dialer;
import postern.net.DirectDialer;
import postern.net.Endpoint;
import postern.net.SelfSigned;
import postern.net.Uptime;

/// `postern demo`: the public server from the guide's own files, on loopback, with stand-ins for the private
/// server and for the internet's mail servers. A message comes in, another goes out, and one is refused by who
/// is to have it; each is handed over before it is accepted, and each hop is shown as it happens.
final class Demo implements AutoCloseable {
    private static final String ZONE = """
            example.com.       IN A   11.22.33.44
            mail.example.com.  IN A   11.22.33.44
            example.com.       IN MX  10 mail.example.com.
            example.net.       IN MX  10 mx.example.net.
            mx.example.net.    IN A   198.51.100.25
            """;

    private final PrintStream out;
    private final boolean quiet;
    private final Path directory;
    private final Deadlines deadlines = new Deadlines(new Uptime()).start();
    private final DemoZone zone;
    private final DemoHost privateServer;
    private final DemoHost internet;
    private final PublicServer publicServer;
    private final AtomicBoolean closed = new AtomicBoolean();

    /// @param quiet for the training run of the build: nothing is printed
    /// @param port of the public server; 0 for any that is free
    private Demo(PrintStream out, boolean quiet, int port) throws IOException {
        this.out = out;
        this.quiet = quiet;
        this.directory = Files.createTempDirectory("postern-demo-");
        say("Postern demo: the public server of the guide on loopback, from conf/public, unchanged.");
        say("(Its addresses are led to loopback ports: 192.168.2.3:25 and the internet's port 25 are stand-ins.)");
        zone = new DemoZone(ZONE);
        privateServer = new DemoHost(
                "internal-mail.example.com", "127.0.0.1", deadlines, line -> say("  private server  | " + line));
        internet = new DemoHost("mx.example.net", "127.0.0.1", deadlines, line -> say("  mx.example.net  | " + line));
        MainCf conf = configuration(port);
        publicServer = PublicServer.start(conf, MasterCf.load(directory), surroundings());
    }

    static int run(Arguments arguments, PrintStream out) throws IOException {
        boolean keep = arguments.flag("--keep");
        boolean quiet = arguments.flag("--quiet");
        int port = arguments.ports("--port");
        arguments.end();
        try (Demo demo = new Demo(out, quiet, port)) {
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(demo::stop));
            boolean arrived = demo.messageIn() & demo.messageOut() & demo.refusal();
            demo.holdings();
            if (keep) {
                demo.keep();
            }
            return arrived ? 0 : 1;
        }
    }

    /// A copy of the guide's files with a throw-away certificate; only where things lie is set for the demo.
    private MainCf configuration(int port) throws IOException {
        Path guide = Path.of(System.getenv().getOrDefault("POSTERN_HOME", "."), "conf/public");
        for (String name : List.of("main.cf", "transport", "relay")) {
            Files.copy(guide.resolve(name), directory.resolve(name));
        }
        Files.writeString(directory.resolve("master.cf"), "127.0.0.1:" + port + " inet n - y - - smtpd\n");
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
        places.put("postern_handover", "through");
        places.put("postern_dns_servers", zone.endpoint());
        return MainCf.load(directory).with(places, "demo");
    }

    private PublicServer.Surroundings surroundings() {
        MailLog log = (service, text) -> say("  public server   | postfix/" + service + ": " + text);
        Dialer direct = new DirectDialer(deadlines);
        Dialer led = (to, from, timeout) -> direct.dial(lead(to), null, timeout);
        return new PublicServer.Surroundings(log, led, deadlines, 0);
    }

    /// Where the guide's addresses are on this machine.
    private Endpoint lead(Endpoint to) {
        return switch (to.text()) {
            case "192.168.2.3" -> privateServer.endpoint();
            case "198.51.100.25" -> internet.endpoint();
            default -> to;
        };
    }

    private boolean messageIn() throws IOException {
        say("");
        say("1. somebody@example.net, on the internet, writes to you@example.com");
        return send("  the internet    | ", "somebody@example.net", "you@example.com", privateServer);
    }

    private boolean messageOut() throws IOException {
        say("");
        say("2. you@example.com answers, by way of the private server, to somebody@example.net");
        return send("  private server  | ", "you@example.com", "somebody@example.net", internet);
    }

    /// What the next hop does not take, the public server does not take either: there is nothing to bounce.
    private boolean refusal() throws IOException {
        say("");
        say("3. somebody@example.net writes to nobody@example.com, whom the private server does not know");
        Endpoint server = publicServer.listening().getFirst();
        Connection connection = new DirectDialer(deadlines).dial(server, null, Duration.ofSeconds(10));
        String reply = DemoSender.ask(
                connection, "somebody@example.net", "nobody@example.com", line -> say("  the internet    | " + line));
        boolean refused = reply.startsWith("550 5.1.1 ");
        say(refused ? "Refused in the session, in the private server's own words but for its name." : "NOT refused.");
        return refused;
    }

    private boolean send(String label, String from, String to, DemoHost destination) throws IOException {
        Endpoint server = publicServer.listening().getFirst();
        Connection connection = new DirectDialer(deadlines).dial(server, null, Duration.ofSeconds(10));
        DemoSender.send(connection, from, to, message(from, to), line -> say(label + line));
        DemoHost.Taken taken = destination.take(Duration.ofSeconds(10));
        if (taken == null) {
            say("It has not arrived.");
            return false;
        }
        boolean whole = taken.text().endsWith(message(from, to));
        say("It has arrived" + (whole ? ", byte for byte as it was sent, with this way in front:" : ", but ALTERED:"));
        int way = taken.text().length() - (whole ? message(from, to).length() : 0);
        taken.text().substring(0, way).lines().forEach(line -> say("      " + line.replace("\t", "    ")));
        return whole;
    }

    private static String message(String from, String to) {
        return """
                From: %s
                To: %s
                Subject: Greetings
                Message-ID: <demo.%s>
                Date: Sun, 22 Nov 2026 15:04:05 +0000
                MIME-Version: 1.0
                Content-Type: multipart/alternative; boundary="part"

                --part
                Content-Type: text/plain; charset=utf-8
                Content-Transfer-Encoding: 8bit

                Grüße, and a line of text.
                --part
                Content-Type: text/html; charset=utf-8
                Content-Transfer-Encoding: 8bit

                <p>Grüße, and a line of <b>text</b>.</p>
                --part--
                """.formatted(from, to, from).replace("\n", "\r\n");
    }

    private void holdings() {
        long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        while (publicServer.queued() > 0 && System.nanoTime() < end) {
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
        say("");
        say("What each side holds now:");
        say("  private server  " + holding(privateServer.kept()));
        say("  mx.example.net  " + holding(internet.kept()));
        int queued = publicServer.queued();
        say("  public server   " + (queued == 0 ? "nothing: its queue is empty" : queued + " in its queue"));
    }

    private static String holding(List<DemoHost.Taken> kept) {
        String messages = kept.size() == 1 ? "1 message" : kept.size() + " messages";
        return messages
                + kept.stream()
                        .map(message -> ", for " + String.join(" ", message.recipients()))
                        .collect(Collectors.joining());
    }

    private void keep() {
        Endpoint server = publicServer.listening().getFirst();
        say("");
        say("It goes on until you press Ctrl-C. Talk to it:");
        say("  swaks --server " + server.text() + ":" + server.port()
                + " --from somebody@example.net --to you@example.com");
        say("  swaks --server " + server.text() + ":" + server.port()
                + " --tls --from you@example.com --to somebody@example.net");
        Thread.ofVirtual().start(() -> showArrivals(internet));
        showArrivals(privateServer);
    }

    private void showArrivals(DemoHost host) {
        while (true) {
            DemoHost.@Nullable Taken taken = host.take(Duration.ofHours(1));
            if (taken != null) {
                say("  arrived at " + host.name() + ": " + String.join(" ", taken.recipients()));
            }
        }
    }

    private synchronized void say(String line) {
        if (!quiet) {
            out.println(line);
        }
    }

    /// Ctrl-C leaves nothing behind either.
    private void stop() {
        try {
            close();
        } catch (IOException e) {
            say("postern: " + ConfigFiles.why(e));
        }
    }

    @Override
    public void close() throws IOException {
        if (closed.getAndSet(true)) {
            return;
        }
        publicServer.close();
        privateServer.close();
        internet.close();
        zone.close();
        deadlines.close();
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
