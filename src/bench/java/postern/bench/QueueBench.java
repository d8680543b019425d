package postern.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import postern.address.Address;
import postern.config.MainCf;
import postern.log.MailLog;
import postern.queue.LogQueue;
import postern.queue.Mail;
import postern.queue.Queue;
import postern.queue.QueueId;
import postern.smtp.Params;
import postern.smtp.Peer;
import postern.smtp.Recipient;

/// The queue alone: messages committed (and finished) a second by many writers, beside the forced appends that
/// the disk gives; then a start with many deferred messages, and the heap they take.
///
/// `./dev bench queue [DIRECTORY [DEFERRED]]`
public final class QueueBench {
    private static final Duration ROUND = Duration.ofSeconds(4);
    private static final int[] WRITERS = {1, 20, 100};
    private static final int[] SIZES = {4096, 50 * 1024, 1024 * 1024};
    private static final int PIECE = 16 * 1024;
    private static final int DEFERRED_SIZE = 200;

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
        try (LogQueue queue = open(directory, background)) {
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
                    queue.done(put(queue, text), one());
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
        try (LogQueue queue = open(directory, background)) {
            long millis = (System.nanoTime() - start) / 1_000_000;
            System.gc();
            System.out.printf(
                    Locale.ROOT,
                    "%d deferred: started in %d ms, %.1f bytes of heap each%n",
                    queue.counts().waiting(),
                    millis,
                    (heap() - before) / (double) deferred);
            long commit = System.nanoTime();
            put(queue, new byte[4096]);
            System.out.printf(Locale.ROOT, "a new one: %.1f ms%n", (System.nanoTime() - commit) / 1e6);
        }
    }

    private static void fill(Path directory, ExecutorService background, int deferred) throws Exception {
        try (LogQueue queue = open(directory, background)) {
            defer(queue, deferred);
        }
    }

    private static void defer(LogQueue queue, int deferred) throws InterruptedException {
        byte[] text = new byte[DEFERRED_SIZE];
        Instant due = Instant.now().plusSeconds(3600);
        List<Thread> threads = new ArrayList<>();
        int writers = 200;
        for (int i = 0; i < writers; i++) {
            int mine = deferred / writers;
            threads.add(Thread.ofVirtual().start(() -> {
                for (int n = 0; n < mine; n++) {
                    List<String> reasons = List.of("connect to mx.example.org[192.0.2.1]:25: Connection timed out");
                    QueueId id = put(queue, text);
                    queue.later(id, new Queue.Later(due.plusSeconds(n), 1, n, false, reasons));
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static QueueId put(LogQueue queue, byte[] text) {
        Queue.Incoming incoming = queue.incoming();
        for (int at = 0; at < text.length; at += PIECE) {
            incoming.write(ByteBuffer.wrap(text, at, Math.min(PIECE, text.length - at)));
        }
        incoming.commit(mail(incoming.id(), text.length));
        return incoming.id();
    }

    private static Mail mail(QueueId id, long size) {
        return new Mail(
                id,
                postern.address.Path.of(new Address("sender", "example.com")),
                Params.NONE,
                Peer.LOCAL,
                Instant.now(),
                List.of(new Recipient(new Address("recipient", "example.org"), Params.NONE)),
                size,
                "<1@example.com>",
                false,
                false,
                "",
                false);
    }

    private static BitSet one() {
        BitSet one = new BitSet(1);
        one.set(0);
        return one;
    }

    private static LogQueue open(Path directory, ExecutorService background) throws IOException {
        MainCf cf = MainCf.of(directory, Map.of("queue_directory", directory.toString()));
        return LogQueue.open(cf, InstantSource.system(), MailLog.none(), background);
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
