package postern;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import postern.config.ConfigFiles;
import postern.dns.DnsJavaResolver;
import postern.mailauth.DkimVerdict;
import postern.mailauth.DkimVerifier;
import postern.net.ClientTls;
import postern.net.Connection;
import postern.net.Deadlines;
import postern.net.HandshakePool;
import postern.net.PeerCheck;
import postern.net.TlsProtocols;
import postern.net.TlsSettings;
import postern.net.Uptime;

/// `postern demo`: the guide's whole scenario on loopback, with both servers from the guide's own files. A message
/// comes in from the internet and is read by POP3; an unknown user is refused in the session; an answer is sent
/// with a login, signed, relayed, and verified where it arrives. Each hop is shown as it happens.
final class Demo implements AutoCloseable {
    private static final String ZONE = """
            $ORIGIN example.com.
            @     IN  A      11.22.33.44
            mail  IN  A      11.22.33.44
            @     IN  MX  10 mail.example.com.
            example.net.                     IN  MX  10 mx.example.net.
            mx.example.net.                  IN  A   198.51.100.25
            25.100.51.198.in-addr.arpa.      IN  PTR mx.example.net.
            """;
    private static final String SENDER = "198.51.100.25";
    private static final String LAPTOP = "192.168.2.7";
    private static final String FRIEND = "somebody@example.net";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final String THE_INTERNET = "  the internet   | ";
    private static final String MAIL_PROGRAM = "  mail program   | ";

    private final PrintStream out;
    private final Path directory;
    private final Deadlines deadlines = new Deadlines(new Uptime()).start();
    private final DemoRoads roads = new DemoRoads(deadlines);
    private final ExecutorService handshakes = HandshakePool.open();
    private final DemoZone zone;
    private final DemoHost internet;
    private final DemoPublic publicServer;
    private final DemoPrivate privateServer;
    private final AtomicBoolean closed = new AtomicBoolean();

    /// @param port of the public server for everybody on this machine; 0 for none
    private Demo(PrintStream out, int port) throws IOException {
        this.out = out;
        this.directory = Files.createTempDirectory("postern-demo-");
        say("Postern demo: the guide's scenario on loopback, both servers from its own files, unchanged.");
        say("  public server   mail.example.com           11.22.33.44, 192.168.2.2   conf/public");
        say("  private server  internal-mail.example.com  192.168.2.3                conf/private, and an account");
        say("(All these addresses, and the internet's, are led to ports of this machine.)");
        Path home = Files.createDirectory(directory.resolve("private"));
        zone = new DemoZone(ZONE);
        internet = new DemoHost("mx.example.net", "127.0.0.1", deadlines, line -> say("  mx.example.net | " + line));
        roads.lead(SENDER, 25, internet.endpoint(), false);
        try (ExecutorService meanwhile = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<String> key = meanwhile.submit(() -> DemoPrivate.prepare(home));
            publicServer = new DemoPublic(
                    Files.createDirectory(directory.resolve("public")),
                    world(line -> say("  public server  | " + line)),
                    port);
            zone.add("$ORIGIN example.com.\n" + key.get());
        } catch (ExecutionException | InterruptedException e) {
            throw new IOException(e.getMessage(), e);
        }
        privateServer = new DemoPrivate(home, world(line -> say("  private server | " + line)));
    }

    private TlsSettings tls() {
        return new ClientTls(PeerCheck.none(), TlsProtocols.ALL, null, handshakes).to("internal-mail.example.com");
    }

    private DemoPublic.World world(Consumer<String> show) {
        return new DemoPublic.World(roads, deadlines, new DemoLog(show), zone.endpoint());
    }

    /// Where the guide's files are.
    static Path guide() {
        return Path.of(System.getenv().getOrDefault("POSTERN_HOME", "."), "conf");
    }

    static int run(Arguments arguments, PrintStream out) throws IOException {
        boolean keep = arguments.flag("--keep");
        // for the training run of the build: nothing is printed
        boolean quiet = arguments.flag("--quiet");
        boolean trains = arguments.flag("--public");
        int wanted = arguments.ports("--port");
        arguments.end();
        if (trains) {
            return DemoTraining.run();
        }
        int port = keep && wanted == 0 ? DemoHost.freePort() : wanted;
        PrintStream shown = quiet ? new PrintStream(OutputStream.nullOutputStream(), false, UTF_8) : out;
        try (Demo demo = new Demo(shown, port)) {
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(demo::stop));
            boolean went = demo.messageIn() & demo.refusal() & demo.answer();
            demo.holdings();
            if (keep) {
                demo.keep(port);
            }
            return went ? 0 : 1;
        }
    }

    private boolean messageIn() throws IOException {
        say("");
        say("1. " + FRIEND + ", on the internet, writes to " + DemoPrivate.USER);
        String text = DemoText.MESSAGE;
        try (DemoSender sender = new DemoSender(toPublicServer(), "mx.example.net", line -> say(THE_INTERNET + line))) {
            sender.send(FRIEND, DemoPrivate.USER, text);
        }
        say(
                "   Nothing was kept on the way: the public server said so only when the private one had it. Now it is read:");
        Connection pop3 = roads.dial(LAPTOP, DemoPrivate.VPN, 995, PATIENCE);
        String read;
        try (DemoReader reader = new DemoReader(pop3, tls(), line -> say(MAIL_PROGRAM + line))) {
            reader.logIn(DemoPrivate.USER, DemoPrivate.PASSWORD);
            read = reader.read(1);
        }
        boolean isWhole = read.endsWith(text);
        say(isWhole ? "   Byte for byte as it was sent, with its way in front:" : "   It has been ALTERED:");
        show(read.substring(0, read.length() - (isWhole ? text.length() : 0)));
        return isWhole;
    }

    /// What the next hop does not take, the public server does not take either: there is nothing to bounce.
    private boolean refusal() throws IOException {
        say("");
        say("2. " + FRIEND + " writes to nobody@example.com, whom the private server does not know");
        String reply;
        try (DemoSender sender = new DemoSender(toPublicServer(), "mx.example.net", line -> say(THE_INTERNET + line))) {
            reply = sender.rcpt(FRIEND, "nobody@example.com");
        }
        boolean isRefused = reply.startsWith("550 5.1.1 ");
        say(isRefused ? "   Refused in the session: there is nothing to bounce." : "   NOT refused.");
        return isRefused;
    }

    private Connection toPublicServer() throws IOException {
        return roads.dial(SENDER, DemoPublic.INTERNET, 25, PATIENCE);
    }

    private boolean answer() throws IOException {
        say("");
        say("3. " + DemoPrivate.USER + " logs in on port 587 and answers");
        Connection submission = roads.dial(LAPTOP, DemoPrivate.VPN, 587, PATIENCE);
        try (DemoSender sender = new DemoSender(submission, "laptop", line -> say(MAIL_PROGRAM + line))) {
            sender.logIn(tls(), DemoPrivate.USER, DemoPrivate.PASSWORD);
            sender.send(DemoPrivate.USER, FRIEND, DemoText.ANSWER);
        }
        DemoHost.@Nullable Taken taken = internet.take(PATIENCE);
        if (taken == null) {
            say("   It has not arrived.");
            return false;
        }
        await(() -> privateServer.queued() == 0);
        boolean isWhole = taken.text().endsWith(DemoText.body(DemoText.ANSWER));
        say("   It has arrived"
                + (isWhole ? ", without the name of the mail program, with this header:" : " ALTERED:"));
        show(DemoText.header(taken.text()));
        List<DkimVerdict> verdicts = new DkimVerifier(this::records, InstantSource.system())
                .verify(taken.text().getBytes(UTF_8));
        for (DkimVerdict each : verdicts) {
            say("   mx.example.net asks DNS for the key " + each.selector() + "._domainkey." + each.domain() + ": the "
                    + each.algorithm() + " signature "
                    + (each.holds() ? "holds." : "DOES NOT HOLD, " + each.problem() + "."));
        }
        return isWhole && verdicts.size() == 1 && verdicts.getFirst().holds();
    }

    private List<String> records(String name) {
        return new DnsJavaResolver(List.of(zone.address()), PATIENCE).txt(name).records();
    }

    private void holdings() {
        await(() -> publicServer.queued() == 0);
        say("");
        say("What each holds now: the private server a message in the mailbox of " + DemoPrivate.USER
                + ", mx.example.net "
                + internet.kept().size() + " message, the public server "
                + (publicServer.queued() == 0 ? "nothing." : publicServer.queued() + " in its queue."));
    }

    private void keep(int port) {
        say("");
        say("It goes on until you press Ctrl-C. Write in, answer, read:");
        say("  swaks --server 127.0.0.1:" + port + " --from " + FRIEND + " --to " + DemoPrivate.USER);
        say("  swaks --server 127.0.0.1:" + privateServer.port(587) + " -tls --auth-user " + DemoPrivate.USER
                + " --auth-password " + DemoPrivate.PASSWORD + " --from " + DemoPrivate.USER + " --to " + FRIEND);
        say("  curl --user " + DemoPrivate.USER + ":" + DemoPrivate.PASSWORD + " pop3://127.0.0.1:"
                + privateServer.port(110) + "/1");
        say("  ./postern setup -c " + privateServer.config() + " email list");
        while (true) {
            DemoHost.@Nullable Taken taken = internet.take(Duration.ofHours(1));
            if (taken != null) {
                say("  arrived at " + internet.name() + ": " + String.join(" ", taken.recipients()));
            }
        }
    }

    /// A condition that one of the servers brings about.
    @FunctionalInterface
    private interface Condition {
        boolean holds();
    }

    private static void await(Condition condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds() && System.nanoTime() < end) {
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }

    private void show(String header) {
        DemoText.fields(header).forEach(line -> say("      " + line));
    }

    private synchronized void say(String line) {
        out.println(line);
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
        privateServer.close();
        publicServer.close();
        internet.close();
        zone.close();
        handshakes.shutdown();
        deadlines.close();
        remove(directory);
    }

    static void remove(Path directory) throws IOException {
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
