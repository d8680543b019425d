package postern.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/// One run of one server: what came out.
///
/// @param perSecond messages from the first connection to the last arrival, a second
/// @param serverMillis CPU milliseconds of the server for each message
/// @param toolShare of the machine's CPU that generator and sink took while messages were sent and arrived
/// @param answer median milliseconds from the end of data to the answer
/// @param transaction median and 99th percentile, milliseconds, from MAIL to the answer
/// @param arrival median and 99th percentile, milliseconds, from the answer to the arrival
record Round(
        double perSecond,
        int messages,
        double serverMillis,
        double toolShare,
        double answer,
        double transaction,
        double transaction99,
        double arrival,
        double arrival99,
        int lost,
        int doubled,
        int altered,
        double forcedAppends,
        long residentMegabytes) {
    private static final AtomicInteger NUMBERS = new AtomicInteger();
    private static final Duration PROBE = Duration.ofMillis(500);
    private static final Duration NOTHING_NEW = Duration.ofSeconds(30);
    private static final double NANOS_PER_MILLI = 1e6;

    /// The load of a round.
    record Load(Letter letter, int connections, Duration time) {}

    /// Sends, waits until all that was accepted has arrived (or nothing new has for 30 s), and reckons.
    static Round of(Peer peer, CountingSink sink, Load load, Path disk) throws IOException {
        double appends = Disk.forcedAppends(disk, PROBE);
        Ledger ledger = new Ledger(NUMBERS.getAndIncrement());
        sink.count(ledger);
        double server = peer.cpuSeconds();
        double tool = toolSeconds();
        long started;
        try (LoadGenerator generator = new LoadGenerator(ledger, load.letter(), load.connections())) {
            generator.run(peer.address(), load.time());
            started = generator.started();
        }
        awaitArrivals(ledger);
        double seconds = (ledger.lastArrival() - started) / 1e9;
        int messages = ledger.arrivedCount();
        double toolShare =
                (toolSeconds() - tool) / (seconds * Runtime.getRuntime().availableProcessors());
        long[] transactions = ledger.transactionTimes();
        long[] arrivals = ledger.arrivalTimes();
        return new Round(
                messages / seconds,
                messages,
                (peer.cpuSeconds() - server) * 1000 / Math.max(1, messages),
                toolShare,
                percentile(ledger.answerTimes(), 50),
                percentile(transactions, 50),
                percentile(transactions, 99),
                percentile(arrivals, 50),
                percentile(arrivals, 99),
                ledger.lost(),
                ledger.doubled(),
                ledger.altered(),
                appends,
                peer.residentMegabytes());
    }

    private static void awaitArrivals(Ledger ledger) {
        int seen = -1;
        long since = System.nanoTime();
        while (ledger.arrivedCount() < ledger.acceptedCount()) {
            if (ledger.arrivedCount() != seen) {
                seen = ledger.arrivedCount();
                since = System.nanoTime();
            } else if (System.nanoTime() - since > NOTHING_NEW.toNanos()) {
                return;
            }
            Rest.millis(10);
        }
        // What would arrive twice has a moment to do so.
        Rest.millis(100);
    }

    static double toolSeconds() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                        .getProcessCpuTime()
                / 1e9;
    }

    static double percentile(long[] sorted, int percent) {
        if (sorted.length == 0) {
            return Double.NaN;
        }
        return sorted[Math.min(sorted.length - 1, (int) ((long) sorted.length * percent / 100))] / NANOS_PER_MILLI;
    }
}
