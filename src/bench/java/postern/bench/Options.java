package postern.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The command line of `./dev bench relay`.
///
/// @param kilobytes sizes of messages
/// @param only `tool`, `postfix` or `postern`; empty for all three
record Options(
        int runs, Duration time, List<Integer> kilobytes, List<Integer> connections, String only, boolean chunking) {
    static final String USAGE = """
            ./dev bench relay [--runs N] [--seconds N] [--sizes KB,KB] [--connections N,N] [--only NAME] [--chunking] [--quick]
              --runs N           rounds of each server, in turns; the table shows medians (5)
              --seconds N        how long messages are sent in a round (8)
              --sizes KB,…       sizes of messages (4,50,1024)
              --connections N,…  connections at once (1,20,100)
              --only NAME        tool, postfix or postern
              --chunking         the sink offers BDAT
              --quick            one round of 3 s, 4 KB, 20 connections
            """;

    /// Reads the arguments.
    ///
    /// @throws IllegalArgumentException with what is wrong
    static Options parse(String... arguments) {
        Options options = new Options(5, Duration.ofSeconds(8), List.of(4, 50, 1024), List.of(1, 20, 100), "", false);
        List<String> left = new ArrayList<>(Arrays.asList(arguments));
        while (!left.isEmpty()) {
            String option = left.removeFirst();
            options = switch (option) {
                case "--quick" ->
                    new Options(1, Duration.ofSeconds(3), List.of(4), List.of(20), options.only, options.chunking);
                case "--chunking" ->
                    new Options(options.runs, options.time, options.kilobytes, options.connections, options.only, true);
                default -> options.with(option, value(option, left));
            };
        }
        return options;
    }

    private Options with(String option, String value) {
        return switch (option) {
            case "--runs" -> new Options(number(value), time, kilobytes, connections, only, chunking);
            case "--seconds" ->
                new Options(runs, Duration.ofSeconds(number(value)), kilobytes, connections, only, chunking);
            case "--sizes" -> new Options(runs, time, numbers(value), connections, only, chunking);
            case "--connections" -> new Options(runs, time, kilobytes, numbers(value), only, chunking);
            case "--only" -> new Options(runs, time, kilobytes, connections, known(value), chunking);
            default -> throw new IllegalArgumentException(option + " is no option of this bench");
        };
    }

    boolean wants(String peer) {
        return only.isEmpty() || only.equals(peer);
    }

    private static String value(String option, List<String> left) {
        if (left.isEmpty()) {
            throw new IllegalArgumentException(option + " wants a value");
        }
        return left.removeFirst();
    }

    private static String known(String value) {
        if (!List.of("tool", "postfix", "postern").contains(value)) {
            throw new IllegalArgumentException("--only wants tool, postfix or postern");
        }
        return value;
    }

    private static List<Integer> numbers(String text) {
        return Arrays.stream(text.split(",", -1)).map(Options::number).toList();
    }

    private static int number(String text) {
        int number = Integer.parseInt(text);
        if (number < 1) {
            throw new IllegalArgumentException(text + " is not a number above 0");
        }
        return number;
    }
}
