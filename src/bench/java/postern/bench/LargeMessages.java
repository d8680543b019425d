package postern.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/// 100 MB messages in 50 sessions at once, handed over as they come: what our server keeps in memory.
final class LargeMessages {
    private static final int SIZE = 100_000_000;
    private static final int SESSIONS = 50;
    private static final long MOST_MEGABYTES = 192;

    private final CountingSink sink;
    private final Path directory;
    private final PrintStream out;

    LargeMessages(CountingSink sink, Path directory, PrintStream out) {
        this.sink = sink;
        this.directory = directory;
        this.out = out;
    }

    /// Whether all arrived within the bounds.
    boolean run() throws IOException {
        Letter letter = new Letter(SIZE);
        InetSocketAddress address = new InetSocketAddress("127.0.0.4", 2525);
        // As many lines as sessions: all of them are under way at the same time.
        String settings = "postern_handover = through\nmessage_size_limit = 209715200\n"
                + "relay_destination_concurrency_limit = " + SESSIONS + "\n";
        Path place = Files.createDirectory(directory.resolve("large"));
        try (PosternPeer postern = new PosternPeer(place, address, sink.address(), "Postern through", settings)) {
            Round round = Round.of(postern, sink, new Round.Load(letter, SESSIONS, Duration.ofSeconds(1)), directory);
            long peak = postern.peakMegabytes();
            boolean clean = round.lost() + round.doubled() + round.altered() == 0;
            out.printf(
                    Locale.ROOT,
                    "%d messages of %d MB in %d sessions: %.0f MB/s, CPU %.0f ms/msg; RSS at most %d MB (aim <= %d), %d MB at the end; lost %d, doubled %d, altered %d%n",
                    round.messages(),
                    SIZE / 1_000_000,
                    SESSIONS,
                    round.perSecond() * SIZE / 1e6,
                    round.serverMillis(),
                    peak,
                    MOST_MEGABYTES,
                    round.residentMegabytes(),
                    round.lost(),
                    round.doubled(),
                    round.altered());
            return clean && peak <= MOST_MEGABYTES;
        }
    }
}
