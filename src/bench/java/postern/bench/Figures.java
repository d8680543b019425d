package postern.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// The rounds of one server under one load, as a row of the table: each figure is the median over the rounds.
final class Figures {
    private final String name;
    private final List<Round> rounds = new ArrayList<>();

    Figures(String name) {
        this.name = name;
    }

    void add(Round round) {
        rounds.add(round);
    }

    double perSecond() {
        return median(Round::perSecond);
    }

    /// Whether every message arrived once and as it was sent.
    boolean clean() {
        return rounds.stream().allMatch(round -> round.lost() + round.doubled() + round.altered() == 0);
    }

    static String heading() {
        return String.format(
                Locale.ROOT,
                "  %-18s %9s %15s %7s %10s %7s %9s %9s %9s %14s %9s %6s",
                "",
                "msgs/s",
                "spread",
                "ratio",
                "CPU ms/msg",
                "tool",
                "answer",
                "arrival",
                "p99 ms",
                "lost/dbl/alt",
                "4K forces",
                "MB");
    }

    /// @param base what the ratio is to; 0 for none
    String row(double base) {
        double[] speeds = rounds.stream().mapToDouble(Round::perSecond).sorted().toArray();
        return String.format(
                Locale.ROOT,
                "  %-18s %9.0f %15s %7s %10.2f %6.0f%% %9.1f %9.1f %9.1f %14s %9.0f %6s",
                name,
                perSecond(),
                String.format(Locale.ROOT, "%.0f–%.0f", speeds[0], speeds[speeds.length - 1]),
                base > 0 ? String.format(Locale.ROOT, "%.2f", perSecond() / base) : "",
                median(Round::serverMillis),
                100 * median(Round::toolShare),
                median(Round::answer),
                median(Round::arrival),
                median(Round::arrival99),
                sum(Round::lost) + "/" + sum(Round::doubled) + "/" + sum(Round::altered),
                median(Round::forcedAppends),
                median(Round::residentMegabytes) < 0
                        ? ""
                        : String.format(Locale.ROOT, "%.0f", median(Round::residentMegabytes)));
    }

    private double median(ToDoubleFunction<Round> figure) {
        double[] values = rounds.stream().mapToDouble(figure).toArray();
        Arrays.sort(values);
        return values[values.length / 2];
    }

    private long sum(ToDoubleFunction<Round> figure) {
        return (long) rounds.stream().mapToDouble(figure).sum();
    }
}
