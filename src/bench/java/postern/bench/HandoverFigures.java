package postern.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// The rounds of one server that hands over, as a row of the table: each figure is the median over the rounds.
final class HandoverFigures {
    private final String name;
    private final List<Pass> passes = new ArrayList<>();

    /// One round, and the share of the machine's CPU that the next hop took meanwhile.
    record Pass(Round round, double behind) {}

    HandoverFigures(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    void add(Pass pass) {
        passes.add(pass);
    }

    double perSecond() {
        return median(Round::perSecond);
    }

    /// Median of the rounds' medians, milliseconds from MAIL to 250.
    double transaction() {
        return median(Round::transaction);
    }

    double transaction99() {
        return median(Round::transaction99);
    }

    /// Whether every message arrived once and as it was sent.
    boolean clean() {
        return sum(Round::lost) + sum(Round::doubled) + sum(Round::altered) == 0;
    }

    static String heading() {
        return String.format(
                Locale.ROOT,
                "  %-22s %9s %15s %10s %6s %6s %8s %8s %13s %9s %6s",
                "",
                "msgs/s",
                "spread",
                "CPU ms/msg",
                "tool",
                "behind",
                "p50 ms",
                "p99 ms",
                "lost/dbl/alt",
                "4K forces",
                "MB");
    }

    String row() {
        double[] speeds = passes.stream()
                .mapToDouble(pass -> pass.round.perSecond())
                .sorted()
                .toArray();
        double resident = median(Round::residentMegabytes);
        return String.format(
                Locale.ROOT,
                "  %-22s %9.0f %15s %10.2f %5.0f%% %5.0f%% %8.2f %8.2f %13s %9.0f %6s",
                name,
                perSecond(),
                String.format(Locale.ROOT, "%.0f–%.0f", speeds[0], speeds[speeds.length - 1]),
                median(Round::serverMillis),
                100 * median(Round::toolShare),
                100 * middle(passes.stream().mapToDouble(pass -> pass.behind).toArray()),
                transaction(),
                transaction99(),
                sum(Round::lost) + "/" + sum(Round::doubled) + "/" + sum(Round::altered),
                median(Round::forcedAppends),
                resident < 0 ? "" : String.format(Locale.ROOT, "%.0f", resident));
    }

    private double median(ToDoubleFunction<Round> figure) {
        return middle(passes.stream()
                .mapToDouble(pass -> figure.applyAsDouble(pass.round))
                .toArray());
    }

    private static double middle(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }

    private long sum(ToDoubleFunction<Round> figure) {
        return (long) passes.stream()
                .mapToDouble(pass -> figure.applyAsDouble(pass.round))
                .sum();
    }
}
