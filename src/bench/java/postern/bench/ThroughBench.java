package postern.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// `./dev bench through`: mail handed over before it is accepted, beside the peers' own ways of doing that
/// and beside their queues, from one generator into one next hop, in turns.
public final class ThroughBench {
    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private static final int KB = 1024;
    private static final Duration WARM_UP = Duration.ofSeconds(6);
    private static final int WARM_UP_CONNECTIONS = 20;
    private static final String OURS = "postern_handover = through\n";

    private final ThroughOptions options;
    private final Path directory;
    private final CountingSink sink;
    private final Map<String, Peer> peers = new LinkedHashMap<>();
    private boolean haraka;
    private boolean clean = true;

    private ThroughBench(ThroughOptions options, Path directory) throws IOException {
        this.options = options;
        this.directory = directory;
        this.sink = new CountingSink(new InetSocketAddress("127.0.0.3", 0), true);
    }

    public static void main(String[] arguments) throws IOException {
        ThroughOptions options;
        try {
            options = ThroughOptions.parse(arguments);
        } catch (IllegalArgumentException e) {
            OUT.println("bench: " + e.getMessage());
            OUT.print(ThroughOptions.USAGE);
            System.exit(64);
            return;
        }
        Path directory = Disk.directory();
        ThroughBench bench = new ThroughBench(options, directory);
        Thread end = new Thread(bench::close);
        Runtime.getRuntime().addShutdownHook(end);
        bench.run();
        System.exit(bench.clean ? 0 : 1);
    }

    private void run() throws IOException {
        SelfCheck.run(sink);
        if (options.large()) {
            clean = new LargeMessages(sink, directory, OUT).run();
            return;
        }
        haraka = harakaIsThere();
        introduce();
        for (String name : options.behind()) {
            Path place = Files.createDirectory(directory.resolve(name));
            try (Behind behind = name.equals("bare") ? Behind.bare(sink) : Behind.forced(place.resolve("hop"), sink)) {
                OUT.printf("%n== %s (load average %s)%n", behind.description(), loadAverage());
                start(place, behind);
                options.loads().forEach(load -> compare(load, behind));
                stop();
            }
        }
        OUT.printf("%nload average at the end: %s%n", loadAverage());
        OUT.println(
                clean
                        ? "Every accepted message arrived once and unaltered."
                        : "MESSAGES WERE LOST, DOUBLED OR ALTERED.");
    }

    private boolean harakaIsThere() {
        if (!options.wants("smtp_proxy") && !options.wants("smtp_forward")) {
            return false;
        }
        try {
            HarakaPeer.install();
            return true;
        } catch (IOException e) {
            OUT.println("HARAKA IS LEFT OUT, the comparison lacks it: " + e.getMessage());
            return false;
        }
    }

    private void introduce() throws IOException {
        OUT.printf(
                "through: %d cores, Java %s, Linux %s; Postfix %s, Haraka %s; guide's main.cf, connection limits off%n",
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.version"),
                Files.readString(Path.of("/proc/version")).split(" ", 4)[2],
                PostfixPeer.version(),
                haraka ? HarakaPeer.VERSION + " with nodes=cpus" : "left out");
        OUT.printf(
                "median of %d rounds of %d s in turns, after a warm-up; msgs/s counts to the last arrival at the sink; p50 and p99 of whole transactions, MAIL to 250%n",
                options.runs(), options.time().toSeconds());
        OUT.println(
                "tool, behind: share of the machine's CPU that generator and sink, and the next hop, took; 4K forces: forced 4 KB appends/s before the round");
    }

    private void start(Path place, Behind behind) throws IOException {
        InetSocketAddress to = behind.address();
        String filter = to.getAddress().getHostAddress() + ":" + to.getPort();
        add("direct", () -> new SinkPeer("direct, no server", to));
        add("postern", () -> new PosternPeer(made(place, "postern"), at(4), to, "Postern through", OURS));
        add(
                "proxy_filter",
                () -> new PostfixPeer(
                        made(place, "filter"),
                        at(2),
                        to,
                        "Postfix proxy_filter",
                        "smtpd_proxy_filter = " + filter + "\n"));
        add("postfix", () -> new PostfixPeer(made(place, "postfix"), at(7), to, "Postfix queue", ""));
        if (haraka) {
            add("smtp_proxy", () -> new HarakaPeer(made(place, "proxy"), at(6), to, "smtp_proxy"));
            add("smtp_forward", () -> new HarakaPeer(made(place, "forward"), at(8), to, "smtp_forward"));
        }
        Round.Load load = new Round.Load(new Letter(4 * KB), WARM_UP_CONNECTIONS, WARM_UP);
        for (Peer peer : peers.values()) {
            Round.of(peer, sink, load, directory);
        }
    }

    private interface Start {
        Peer start() throws IOException;
    }

    private void add(String name, Start peer) throws IOException {
        if (options.wants(name)) {
            peers.put(name, peer.start());
        }
    }

    private static Path made(Path place, String name) throws IOException {
        return Files.createDirectory(place.resolve(name));
    }

    private static InetSocketAddress at(int number) {
        return new InetSocketAddress("127.0.0." + number, 2525);
    }

    private void compare(ThroughOptions.Load load, Behind behind) {
        Letter letter = new Letter(load.kilobytes() * KB);
        Round.Load round = new Round.Load(letter, load.connections(), options.time());
        Map<String, HandoverFigures> figures = new LinkedHashMap<>();
        peers.forEach((name, peer) -> figures.put(name, new HandoverFigures(peer.name())));
        for (int run = 0; run < options.runs(); run++) {
            peers.forEach((name, peer) -> figures.get(name).add(pass(peer, behind, round)));
        }
        OUT.printf(
                "%n%d KB, %d connection%s%n", load.kilobytes(), load.connections(), load.connections() == 1 ? "" : "s");
        OUT.println(HandoverFigures.heading());
        for (HandoverFigures each : figures.values()) {
            OUT.println(each.row());
            clean &= each.clean();
        }
        new Aims(figures).print(load, OUT);
    }

    private HandoverFigures.Pass pass(Peer peer, Behind behind, Round.Load load) {
        try {
            double before = behind.cpuSeconds();
            long begun = System.nanoTime();
            Round round = Round.of(peer, sink, load, directory);
            double seconds = (System.nanoTime() - begun) / 1e9;
            double share = (behind.cpuSeconds() - before)
                    / (seconds * Runtime.getRuntime().availableProcessors());
            return new HandoverFigures.Pass(round, share);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(peer.name() + ": " + e.getMessage(), e);
        }
    }

    private static String loadAverage() throws IOException {
        return String.join(
                " ",
                List.of(Files.readString(Path.of("/proc/loadavg")).split(" ", -1))
                        .subList(0, 3));
    }

    private void stop() {
        new ArrayList<>(peers.values()).forEach(Peer::close);
        peers.clear();
    }

    private void close() {
        stop();
        sink.close();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            OUT.println("bench: " + directory + " stays: " + e.getMessage());
        }
    }
}
