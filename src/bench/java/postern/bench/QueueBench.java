package postern.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import postern.queue.LogQueue;

/// The queue alone: messages committed (and finished) a second by many writers, beside the forced appends that
/// the disk gives; then a start with many deferred messages, and the heap they take.
///
/// `./dev bench queue [DIRECTORY [DEFERRED]]`
public final class QueueBench {
    private static final Duration ROUND = Duration.ofSeconds(4);
    private static final int[] WRITERS = {1, 20, 100};
    private static final int[] SIZES = {4096, 50 * 1024, 1024 * 1024};
    private static final String DOMAIN = "example.org";

    private QueueBench() {}

    public static void main(String[] args) throws Exception {
        Path parent = args.length > 0 ? Path.of(args[0]) : Path.of(System.getProperty("java.io.tmpdir"));
        int deferred = args.length > 1 ? Integer.parseInt(args[1]) : 1_000_000;
        Path directory = Files.createTempDirectory(parent, "postern-queue");
        try (ExecutorService background = Executors.newSingleThreadExecutor()) {
            if (!Boolean.getBoolean("restart")) {
                commits(directory.resolve("commits"), background);
            }
            restart(directory.resolve("deferred"), background, deferred);
        } finally {
            delete(directory);
        }
    }

    private static void commits(Path directory, ExecutorService background) throws Exception {
        Files.createDirectories(directory);
        try (LogQueue queue = QueueFill.open(directory, background)) {
            round(queue, 20, 4096, Duration.ofSeconds(3));
            for (int size : SIZES) {
                for (int writers : WRITERS) {
                    double appends = Disk.forcedAppends(directory, Duration.ofSeconds(1));
                    long cpu = cpuNanos();
                    double rate = round(queue, writers, size, ROUND);
                    double cost = (cpuNanos() - cpu) / 1000.0 / (rate * ROUND.toSeconds());
                    System.out.printf(
                            Locale.ROOT,
                            "%7d bytes x %3d writers  %7.0f/s committed and done  %5.0f us CPU each  (disk: %.0f/s)%n",
                            size,
                            writers,
                            rate,
                            cost,
                            appends);
                }
            }
        }
    }

    /// Messages a second, each committed and then done.
    private static double round(LogQueue queue, int writers, int size, Duration time) throws InterruptedException {
        byte[] text = new byte[size];
        LongAdder count = new LongAdder();
        long start = System.nanoTime();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < writers; i++) {
            threads.add(Thread.ofVirtual().start(() -> {
                while (System.nanoTime() - start < time.toNanos()) {
                    queue.done(QueueFill.put(queue, text, DOMAIN), one());
                    count.increment();
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return count.sum() * 1e9 / (System.nanoTime() - start);
    }

    private static void restart(Path directory, ExecutorService background, int deferred) throws Exception {
        Files.createDirectories(directory);
        System.gc();
        long before = heap();
        fill(directory, background, deferred);
        long start = System.nanoTime();
        try (LogQueue queue = QueueFill.open(directory, background)) {
            long millis = (System.nanoTime() - start) / 1_000_000;
            System.gc();
            System.out.printf(
                    Locale.ROOT,
                    "%d deferred: started in %d ms, %.1f bytes of heap each%n",
                    queue.counts().waiting(),
                    millis,
                    (heap() - before) / (double) deferred);
            long commit = System.nanoTime();
            QueueFill.put(queue, new byte[4096], DOMAIN);
            System.out.printf(Locale.ROOT, "a new one: %.1f ms%n", (System.nanoTime() - commit) / 1e6);
        }
    }

    private static void fill(Path directory, ExecutorService background, int deferred) throws Exception {
        try (LogQueue queue = QueueFill.open(directory, background)) {
            Instant due = Instant.now().plusSeconds(3600);
            QueueFill.defer(queue, deferred, n -> new QueueFill.Deferred(DOMAIN, due.plusSeconds(n % 4000), n));
        }
    }

    private static BitSet one() {
        BitSet one = new BitSet(1);
        one.set(0);
        return one;
    }

    private static long cpuNanos() {
        return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                .getProcessCpuTime();
    }

    private static long heap() {
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static void delete(Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException e) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
