package postern.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// The rounds of one server under one load, as a row of the table: each figure is the median over the rounds.
final class DeliverFigures {
    private final String name;
    private final List<DeliverRound> rounds = new ArrayList<>();

    DeliverFigures(String name) {
        this.name = name;
    }

    void add(DeliverRound round) {
        rounds.add(round);
    }

    double perSecond() {
        return median(DeliverRound::perSecond);
    }

    /// Whether every message is in its mailbox once and as it was sent.
    boolean clean() {
        return rounds.stream().allMatch(round -> round.lost() + round.doubled() + round.altered() == 0);
    }

    static String heading() {
        return String.format(
                Locale.ROOT,
                "  %-27s %9s %15s %10s %6s %9s %8s %13s %9s %6s",
                "",
                "msgs/s",
                "spread",
                "CPU ms/msg",
                "tool",
                "answer ms",
                "p99",
                "lost/dbl/alt",
                "4K forces",
                "MB");
    }

    String row() {
        double[] speeds =
                rounds.stream().mapToDouble(DeliverRound::perSecond).sorted().toArray();
        return String.format(
                Locale.ROOT,
                "  %-27s %9.0f %15s %10.2f %5.0f%% %9.2f %8.2f %13s %9.0f %6.0f",
                name,
                perSecond(),
                String.format(Locale.ROOT, "%.0f–%.0f", speeds[0], speeds[speeds.length - 1]),
                median(DeliverRound::serverMillis),
                100 * median(DeliverRound::toolShare),
                median(DeliverRound::answer),
                median(DeliverRound::answer99),
                sum(DeliverRound::lost) + "/" + sum(DeliverRound::doubled) + "/" + sum(DeliverRound::altered),
                median(DeliverRound::forcedAppends),
                median(DeliverRound::residentMegabytes));
    }

    private double median(ToDoubleFunction<DeliverRound> figure) {
        double[] values = rounds.stream().mapToDouble(figure).toArray();
        Arrays.sort(values);
        return values[values.length / 2];
    }

    private long sum(ToDoubleFunction<DeliverRound> figure) {
        return (long) rounds.stream().mapToDouble(figure).sum();
    }
}
