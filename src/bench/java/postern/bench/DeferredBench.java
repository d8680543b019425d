package postern.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import postern.peers.Commands;
import postern.peers.Sender;
import postern.peers.Sink;
import postern.queue.LogQueue;

/// The public server with many deferred messages in its queue: how it starts, what it takes of memory and CPU
/// while nothing is due, while messages are tried again as their times have been spread, and while all of them
/// are due at once; and how long a new letter takes beside them, from its 250 to its arrival.
///
/// `./dev bench deferred [MESSAGES]`
public final class DeferredBench {
    private static final int DEAD_HOPS = 100;
    /// `maximal_backoff_time`: the times of the next tries spread over this.
    private static final int SPREAD = 4000;

    private static final int IDLE = 20_000;
    private static final int LETTERS = 100;
    private static final int BETWEEN = 200;

    private final Path directory;
    private final int messages;
    private volatile long arrived;

    private DeferredBench(Path directory, int messages) {
        this.directory = directory;
        this.messages = messages;
    }

    public static void main(String[] args) throws Exception {
        int messages = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
        Path directory = Files.createTempDirectory("postern-deferred");
        try {
            new DeferredBench(directory, messages).run();
        } finally {
            delete(directory);
        }
    }

    private void run() throws Exception {
        try (Sink sink = new Sink("127.0.0.1", 0)) {
            sink.answer(command -> {
                arrived = command.equals(".") ? System.nanoTime() : arrived;
                return null;
            });
            int port = ServerFixture.write(directory, "discard:");
            Files.writeString(directory.resolve("transport"), transport(sink.port()));
            System.out.println(ServerFixture.machine());
            Commands.tryRun("./postern"); // builds it when that is needed
            Instant firstDue = fill();
            try (ServerFixture server = new ServerFixture(directory, port)) {
                System.out.printf(Locale.ROOT, "start to listening  %6d ms%n", server.startMillis());
                idle(server);
                say("nothing due", letters(port), server);
                while (Instant.now().isBefore(firstDue)) {
                    Rest.millis(100);
                }
                retries("as spread", port, server);
                Commands.run("./postern", "flush", "-c", directory.toString());
                retries("all at once", port, server);
            }
        }
    }

    /// Next hops that refuse connections, and one that takes all that is for example.com.
    private static String transport(int sinkPort) {
        StringBuilder lines = new StringBuilder("example.com smtp:[127.0.0.1]:" + sinkPort + "\n");
        for (int i = 0; i < DEAD_HOPS; i++) {
            lines.append(dead(i)).append(" smtp:[127.0.1.").append(i + 1).append("]:9\n");
        }
        return lines.toString();
    }

    private static String dead(int n) {
        return "dead" + n % DEAD_HOPS + ".example";
    }

    /// Returns when the first of them are due.
    private Instant fill() throws Exception {
        Instant due = Instant.now().plusSeconds(60 + messages / 8000);
        try (ExecutorService background = Executors.newSingleThreadExecutor();
                LogQueue queue = QueueFill.open(directory.resolve("spool"), background)) {
            QueueFill.defer(
                    queue,
                    messages,
                    n -> new QueueFill.Deferred(dead(n), due.plusSeconds(n % SPREAD), n % DEAD_HOPS + 1));
        }
        System.out.printf(
                Locale.ROOT,
                "%d deferred, for %d next hops that refuse connections; tries spread over %d s%n",
                messages,
                DEAD_HOPS,
                SPREAD);
        return due;
    }

    private static void idle(ServerFixture server) throws IOException {
        Rest.millis(5000);
        System.out.printf(Locale.ROOT, "after the start     %6d MB RSS%n", server.residentMegabytes());
        long before = server.cpuMillis();
        Rest.millis(IDLE);
        System.out.printf(Locale.ROOT, "idle CPU            %6.2f %%%n", (server.cpuMillis() - before) * 100.0 / IDLE);
    }

    private void retries(String how, int port, ServerFixture server) throws IOException {
        long lines = logged();
        long cpu = server.cpuMillis();
        long begun = System.nanoTime();
        Letters letters = letters(port);
        say(how, letters, server);
        double seconds = (System.nanoTime() - begun) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "  meanwhile         %6.0f recipients deferred again a second, %.1f %% CPU%n",
                (logged() - lines) / seconds,
                (server.cpuMillis() - cpu) / 10 / seconds);
    }

    private static void say(String how, Letters letters, ServerFixture server) throws IOException {
        System.out.printf(
                Locale.ROOT,
                "%-18s  %6d MB RSS; 250 to arrival of %d letters: median %.1f ms, most %.1f ms; to 250: most %.1f ms%n",
                how,
                server.residentMegabytes(),
                letters.count(),
                letters.median(),
                letters.most(),
                letters.mostToAnswer());
    }

    /// Milliseconds.
    private record Letters(int count, double median, double most, double mostToAnswer) {}

    private Letters letters(int port) throws IOException {
        double[] took = new double[LETTERS];
        double mostToAnswer = 0;
        try (Sender sender = new Sender("127.0.0.1", port)) {
            for (int i = 0; i < LETTERS; i++) {
                arrived = 0;
                long sent = System.nanoTime();
                sender.send("a@example.net", "b@example.com", "Subject: beside them\r\n\r\na letter\r\n");
                long answered = System.nanoTime();
                Commands.await("a letter to arrive", Duration.ofSeconds(60), () -> arrived != 0);
                took[i] = Math.max(0, arrived - answered) / 1e6;
                mostToAnswer = Math.max(mostToAnswer, (answered - sent) / 1e6);
                Rest.millis(BETWEEN);
            }
        }
        java.util.Arrays.sort(took);
        return new Letters(LETTERS, took[LETTERS / 2], took[LETTERS - 1], mostToAnswer);
    }

    private long logged() throws IOException {
        try (Stream<String> lines =
                Files.lines(directory.resolve("log"), java.nio.charset.StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> line.contains("status=deferred")).count();
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
