package postern.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The command line of `./dev bench deliver` and `./dev bench pop3`.
///
/// @param only names of servers; empty for those that are compared by default
/// @param messages how many are downloaded
record DeliverOptions(
        int runs,
        Duration time,
        List<Integer> kilobytes,
        List<Integer> connections,
        List<Integer> mailboxes,
        List<String> only,
        int messages) {
    static final String USAGE = """
            ./dev bench deliver|pop3 [--runs N] [--seconds N] [--sizes KB,…] [--connections N,…] [--mailboxes N,…] [--messages N] [--only NAME,…] [--quick]
              --runs N           rounds of each server, in turns; the table shows medians (5)
              --seconds N        how long messages are sent in a round (5)
              --sizes KB,…       sizes of messages (4)
              --connections N,…  deliver: connections at once (1,9)
              --mailboxes N,…    deliver: mailboxes that the messages go to in turn, at most 100 (1,100)
              --messages N       pop3: how many are downloaded (10000)
              --only NAME,…      postern, dovecot, sdbox, optimized, postfix (all but sdbox and optimized)
              --quick            one round of 3 s
            """;

    private static final List<String> NAMES = List.of("postern", "dovecot", "sdbox", "optimized", "postfix");
    private static final List<String> USUAL = List.of("postern", "dovecot", "postfix");

    /// Reads the arguments.
    ///
    /// @throws IllegalArgumentException with what is wrong
    static DeliverOptions parse(String... arguments) {
        DeliverOptions options = new DeliverOptions(
                5, Duration.ofSeconds(5), List.of(4), List.of(1, 9), List.of(1, MailHost.MAILBOXES), USUAL, 10_000);
        List<String> left = new ArrayList<>(Arrays.asList(arguments));
        while (!left.isEmpty()) {
            String option = left.removeFirst();
            if (option.equals("--quick")) {
                options = options.with("--runs", "1").with("--seconds", "3");
            } else if (left.isEmpty()) {
                throw new IllegalArgumentException(option + " wants a value");
            } else {
                options = options.with(option, left.removeFirst());
            }
        }
        return options;
    }

    private DeliverOptions with(String option, String value) {
        List<String> words = List.of(value.split(",", -1));
        return switch (option) {
            case "--runs" -> new DeliverOptions(number(value), time, kilobytes, connections, mailboxes, only, messages);
            case "--seconds" ->
                new DeliverOptions(
                        runs, Duration.ofSeconds(number(value)), kilobytes, connections, mailboxes, only, messages);
            case "--sizes" -> new DeliverOptions(runs, time, numbers(words), connections, mailboxes, only, messages);
            case "--connections" ->
                new DeliverOptions(runs, time, kilobytes, numbers(words), mailboxes, only, messages);
            case "--mailboxes" ->
                new DeliverOptions(runs, time, kilobytes, connections, numbers(words), only, messages);
            case "--messages" -> new DeliverOptions(runs, time, kilobytes, connections, mailboxes, only, number(value));
            case "--only" -> {
                if (!NAMES.containsAll(words)) {
                    throw new IllegalArgumentException("--only wants some of " + String.join(", ", NAMES));
                }
                yield new DeliverOptions(runs, time, kilobytes, connections, mailboxes, words, messages);
            }
            default -> throw new IllegalArgumentException(option + " is no option of this bench");
        };
    }

    private static List<Integer> numbers(List<String> words) {
        return words.stream().map(DeliverOptions::number).toList();
    }

    private static int number(String text) {
        int number = Integer.parseInt(text);
        if (number < 1) {
            throw new IllegalArgumentException(text + " is not a number above 0");
        }
        return number;
    }
}
