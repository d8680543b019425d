package postern.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/// One run of one server that keeps mail in mailboxes: what came out, each message read back.
///
/// @param perSecond messages from the first connection to the last that is in its mailbox, a second
/// @param serverMillis CPU milliseconds of the server for each message
/// @param toolShare of the machine's CPU that the generator took
/// @param answer median and 99th percentile, milliseconds, from the end of data to the answer
record DeliverRound(
        double perSecond,
        double serverMillis,
        double toolShare,
        double answer,
        double answer99,
        int lost,
        int doubled,
        int altered,
        double forcedAppends,
        long residentMegabytes) {
    private static final AtomicInteger NUMBERS = new AtomicInteger();
    private static final Duration PROBE = Duration.ofMillis(500);
    private static final int AHEAD = 64;

    /// The load of a round.
    record Load(Letter letter, int connections, int mailboxes, Duration time) {}

    /// Delivers, waits until all is in mailboxes, reads it back by POP3, and leaves the mailboxes empty.
    static DeliverRound of(MailHost host, Load load, Path disk) throws IOException {
        double appends = Disk.forcedAppends(disk, PROBE);
        Ledger ledger = new Ledger(NUMBERS.getAndIncrement());
        double server = host.cpuSeconds();
        double tool = Round.toolSeconds();
        long started;
        Dialect dialect = Dialect.to(host.hello(), load.mailboxes());
        try (LoadGenerator generator = new LoadGenerator(ledger, load.letter(), load.connections(), dialect)) {
            generator.run(host.address(), load.time());
            started = generator.started();
        }
        double seconds = (host.awaitDelivered(ledger.lastAcceptance()) - started) / 1e9;
        server = host.cpuSeconds() - server;
        tool = Round.toolSeconds() - tool;
        long megabytes = host.residentMegabytes();
        for (int i = 0; i < load.mailboxes(); i++) {
            try (Pop3Reader reader = new Pop3Reader(host.pop3(), Dialect.user(i))) {
                reader.retrieve(ledger, AHEAD);
                reader.deleteAll();
            }
        }
        long[] answers = ledger.answerTimes();
        int messages = ledger.acceptedCount();
        return new DeliverRound(
                messages / seconds,
                server * 1000 / Math.max(1, messages),
                tool / (seconds * Runtime.getRuntime().availableProcessors()),
                Round.percentile(answers, 50),
                Round.percentile(answers, 99),
                ledger.lost(),
                ledger.doubled(),
                ledger.altered(),
                appends,
                megabytes);
    }
}
