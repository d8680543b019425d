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
import java.util.List;
import java.util.stream.Stream;

/// `./dev bench relay`: mail from one generator through each server into one sink, in turns.
public final class RelayBench {
    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private static final int KB = 1024;
    private static final Duration WARM_UP = Duration.ofSeconds(6);
    private static final int WARM_UP_CONNECTIONS = 20;

    private final Options options;
    private final Path directory;
    private final CountingSink sink;
    private final List<Peer> peers = new ArrayList<>();
    private boolean clean = true;

    private RelayBench(Options options, Path directory) throws IOException {
        this.options = options;
        this.directory = directory;
        this.sink = new CountingSink(new InetSocketAddress("127.0.0.3", 0), options.chunking());
    }

    public static void main(String[] arguments) throws IOException {
        Options options;
        try {
            options = Options.parse(arguments);
        } catch (IllegalArgumentException e) {
            OUT.println("bench: " + e.getMessage());
            OUT.print(Options.USAGE);
            System.exit(64);
            return;
        }
        Path directory = Disk.directory();
        RelayBench bench = new RelayBench(options, directory);
        Thread end = new Thread(bench::close);
        Runtime.getRuntime().addShutdownHook(end);
        bench.run();
        System.exit(bench.clean ? 0 : 1);
    }

    private void run() throws IOException {
        SelfCheck.run(sink);
        start();
        introduce();
        for (int kilobytes : options.kilobytes()) {
            Letter letter = new Letter(kilobytes * KB);
            for (int connections : options.connections()) {
                compare(letter, kilobytes, connections);
            }
        }
        for (Peer peer : peers) {
            if (peer instanceof PosternPeer postern) {
                allocations(postern);
            }
        }
        OUT.println();
        OUT.println(
                clean
                        ? "Every accepted message arrived once and unaltered."
                        : "MESSAGES WERE LOST, DOUBLED OR ALTERED.");
    }

    private void start() throws IOException {
        if (options.wants("tool")) {
            peers.add(new SinkPeer(sink.address()));
        }
        if (options.wants("postfix")) {
            Path place = Files.createDirectory(directory.resolve("postfix"));
            peers.add(new PostfixPeer(place, new InetSocketAddress("127.0.0.2", 2525), sink.address()));
        }
        if (options.wants("postern")) {
            Path place = Files.createDirectory(directory.resolve("postern"));
            peers.add(new PosternPeer(place, new InetSocketAddress("127.0.0.4", 2525), sink.address()));
        }
        Round.Load load = new Round.Load(new Letter(4 * KB), WARM_UP_CONNECTIONS, WARM_UP);
        for (Peer peer : peers) {
            Round.of(peer, sink, load, directory);
        }
    }

    private void introduce() throws IOException {
        OUT.printf(
                "relay: %d cores, Java %s, %s; postern_handover = queue; guide's main.cf, connection limits off, forced writes%n",
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.version"),
                Files.readString(Path.of("/proc/version")).split(" ", 4)[2]);
        OUT.printf(
                "median of %d rounds of %d s in turns, after a warm-up; msgs/s counts to the last arrival; arrival is after acceptance, in ms%n",
                options.runs(), options.time().toSeconds());
        OUT.println(
                "tool: share of the machine's CPU that generator and sink took; 4K forces: forced 4 KB appends/s before the round");
    }

    /// Last of all: looking costs the server memory.
    private void allocations(PosternPeer postern) throws IOException {
        long before = postern.allocatedBytes();
        Round.Load load = new Round.Load(new Letter(4 * KB), WARM_UP_CONNECTIONS, options.time());
        Round round = Round.of(postern, sink, load, directory);
        clean &= round.lost() + round.doubled() + round.altered() == 0;
        OUT.printf(
                "%nallocated for each relayed message of 4 KB: %.1f KB%n",
                (postern.allocatedBytes() - before) / (double) KB / Math.max(1, round.messages()));
    }

    private void compare(Letter letter, int kilobytes, int connections) throws IOException {
        List<Figures> figures =
                peers.stream().map(peer -> new Figures(peer.name())).toList();
        Round.Load load = new Round.Load(letter, connections, options.time());
        for (int run = 0; run < options.runs(); run++) {
            for (int i = 0; i < peers.size(); i++) {
                figures.get(i).add(Round.of(peers.get(i), sink, load, directory));
            }
        }
        OUT.printf("%n%d KB, %d connection%s%n", kilobytes, connections, connections == 1 ? "" : "s");
        OUT.println(Figures.heading());
        double base = 0;
        for (int i = 0; i < peers.size(); i++) {
            if (peers.get(i) instanceof PostfixPeer) {
                base = figures.get(i).perSecond();
            }
        }
        for (Figures each : figures) {
            OUT.println(each.row(base));
            clean &= each.clean();
        }
    }

    private void close() {
        for (Peer peer : peers) {
            peer.close();
        }
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
