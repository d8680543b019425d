package postern.bench;

import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a hand-over is to reach, beside what it reached under one load.
///
/// @param figures of each server, by its name on the command line
record Aims(Map<String, HandoverFigures> figures) {
    void print(ThroughOptions.Load load, PrintStream out) {
        HandoverFigures ours = figures.get("postern");
        if (ours == null) {
            return;
        }
        boolean judged = load.kilobytes() == 4 && load.connections() > 1;
        HandoverFigures best = best();
        if (best != null) {
            ratio(out, ours, best, judged ? " (aim >= 3)" : "");
        }
        HandoverFigures queue = figures.get("postfix");
        if (queue != null) {
            ratio(out, ours, queue, judged ? " (aim >= 8)" : "");
        }
        HandoverFigures direct = figures.get("direct");
        if (direct != null && load.connections() == 1) {
            out.printf(
                    Locale.ROOT,
                    "  added to a direct transaction: p50 %.2f ms (aim <= 1), p99 %.2f ms (aim <= 5)%n",
                    ours.transaction() - direct.transaction(),
                    ours.transaction99() - direct.transaction99());
        }
    }

    /// The fastest of the peers' own hand-overs.
    private @Nullable HandoverFigures best() {
        return Stream.of("proxy_filter", "smtp_proxy")
                .filter(figures::containsKey)
                .map(figures::get)
                .reduce((one, other) -> one.perSecond() >= other.perSecond() ? one : other)
                .orElse(null);
    }

    private static void ratio(PrintStream out, HandoverFigures ours, HandoverFigures other, String aim) {
        out.printf(
                Locale.ROOT,
                "  %s is %.1f times %s%s%n",
                ours.name(),
                ours.perSecond() / other.perSecond(),
                other.name(),
                aim);
    }
}
