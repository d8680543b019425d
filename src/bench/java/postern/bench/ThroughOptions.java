package postern.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The command line of `./dev bench through`.
///
/// @param loads messages of so many KB over so many connections
/// @param only names of servers; empty for all
/// @param large instead of all that: messages of 100 MB through ours
record ThroughOptions(
        int runs, Duration time, List<Load> loads, List<String> behind, List<String> only, boolean large) {
    static final String USAGE = """
            ./dev bench through [--runs N] [--seconds N] [--loads KBxN,…] [--behind bare,forced] [--only NAME,…] [--large] [--quick]
              --runs N           rounds of each server, in turns; the table shows medians (5)
              --seconds N        how long messages are sent in a round (8)
              --loads KBxN,…     messages of so many KB over so many connections (4x1,4x20,4x100); also 50x20,1024x20
              --behind NAME,…    the next hop: bare, a sink that stores nothing; forced, a server that forces to disk
              --only NAME,…      direct, postern, proxy_filter, smtp_proxy, postfix, smtp_forward
              --large            instead: 100 MB messages in 50 sessions through ours, and the memory that takes
              --quick            one round of 3 s, 4 KB, 20 connections, bare
            """;

    private static final List<String> NAMES =
            List.of("direct", "postern", "proxy_filter", "smtp_proxy", "postfix", "smtp_forward");
    private static final List<String> HOPS = List.of("bare", "forced");

    /// Messages of one size over a number of connections.
    record Load(int kilobytes, int connections) {
        static Load of(String text) {
            String[] parts = text.split("x", -1);
            if (parts.length != 2) {
                throw new IllegalArgumentException(text + " is no load such as 4x20");
            }
            return new Load(number(parts[0]), number(parts[1]));
        }
    }

    /// Reads the arguments.
    ///
    /// @throws IllegalArgumentException with what is wrong
    static ThroughOptions parse(String... arguments) {
        List<Load> usual = List.of(new Load(4, 1), new Load(4, 20), new Load(4, 100));
        ThroughOptions options = new ThroughOptions(5, Duration.ofSeconds(8), usual, HOPS, NAMES, false);
        List<String> left = new ArrayList<>(Arrays.asList(arguments));
        while (!left.isEmpty()) {
            String option = left.removeFirst();
            options = switch (option) {
                case "--quick" ->
                    new ThroughOptions(
                            1,
                            Duration.ofSeconds(3),
                            List.of(new Load(4, 20)),
                            List.of("bare"),
                            options.only,
                            options.large);
                case "--large" ->
                    new ThroughOptions(options.runs, options.time, options.loads, options.behind, options.only, true);
                default -> {
                    if (left.isEmpty()) {
                        throw new IllegalArgumentException(option + " wants a value");
                    }
                    yield options.with(option, left.removeFirst());
                }
            };
        }
        return options;
    }

    private ThroughOptions with(String option, String value) {
        return switch (option) {
            case "--runs" -> new ThroughOptions(number(value), time, loads, behind, only, large);
            case "--seconds" -> new ThroughOptions(runs, Duration.ofSeconds(number(value)), loads, behind, only, large);
            case "--loads" -> {
                List<Load> given =
                        Arrays.stream(value.split(",", -1)).map(Load::of).toList();
                yield new ThroughOptions(runs, time, given, behind, only, large);
            }
            case "--behind" -> new ThroughOptions(runs, time, loads, known(value, HOPS), only, large);
            case "--only" -> new ThroughOptions(runs, time, loads, behind, known(value, NAMES), large);
            default -> throw new IllegalArgumentException(option + " is no option of this bench");
        };
    }

    boolean wants(String peer) {
        return only.contains(peer);
    }

    private static List<String> known(String text, List<String> names) {
        List<String> given = List.of(text.split(",", -1));
        for (String name : given) {
            if (!names.contains(name)) {
                throw new IllegalArgumentException(name + " is none of " + String.join(", ", names));
            }
        }
        return given;
    }

    private static int number(String text) {
        int number = Integer.parseInt(text);
        if (number < 1) {
            throw new IllegalArgumentException(text + " is not a number above 0");
        }
        return number;
    }
}
