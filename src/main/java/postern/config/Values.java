package postern.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// How the text of a parameter becomes a value. Every failure is an IllegalArgumentException that says what
/// would be right.
final class Values {
    private Values() {}

    static boolean isDigits(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    static boolean bool(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "yes" -> true;
            case "no" -> false;
            default -> throw new IllegalArgumentException("\"" + text + "\" is not yes or no");
        };
    }

    static int integer(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("\"" + text + "\" is not a whole number such as 100", e);
        }
    }

    static long size(String text) {
        try {
            long value = Long.parseLong(text);
            if (value >= 0) {
                return value;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException("\"" + text + "\" is not a number of bytes such as 10240000");
    }

    /// Seconds, minutes, hours, days or weeks, at most what fits Postfix's 32 bits of seconds.
    static Duration time(String text, char defaultUnit) {
        boolean hasUnit = !text.isEmpty() && Character.isLetter(text.charAt(text.length() - 1));
        String count = hasUnit ? text.substring(0, text.length() - 1) : text;
        long unit = secondsOf(hasUnit ? text.charAt(text.length() - 1) : defaultUnit);
        if (isDigits(count) && count.length() <= 10 && unit > 0 && Long.parseLong(count) * unit <= Integer.MAX_VALUE) {
            return Duration.ofSeconds(Long.parseLong(count) * unit);
        }
        throw new IllegalArgumentException("\"" + text + "\" is not a time such as 300s, 5m or 5d");
    }

    /// The unit a time without one has: that of its default (`5d`, `${stress?{10}:{300}}s`), else seconds.
    static char unit(String defaultText) {
        if (defaultText.length() < 2 || secondsOf(defaultText.charAt(defaultText.length() - 1)) == 0) {
            return 's';
        }
        char before = defaultText.charAt(defaultText.length() - 2);
        boolean isUnit = before == '}' || before == ')' || (before >= '0' && before <= '9');
        return isUnit ? defaultText.charAt(defaultText.length() - 1) : 's';
    }

    private static long secondsOf(char unit) {
        return switch (unit) {
            case 's' -> 1;
            case 'm' -> 60;
            case 'h' -> 3600;
            case 'd' -> 86_400;
            case 'w' -> 7 * 86_400;
            default -> 0;
        };
    }

    static List<String> list(String text) {
        return words(text, true);
    }

    /// Words between white space, and commas where they part too; white space within `{ … }` does not part.
    static List<String> words(String text, boolean commasPart) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        int depth = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (depth == 0 && (LogicalLines.isSpace(c) || (commasPart && c == ','))) {
                if (!word.isEmpty()) {
                    words.add(word.toString());
                    word.setLength(0);
                }
                continue;
            }
            depth += c == '{' ? 1 : c == '}' && depth > 0 ? -1 : 0;
            word.append(c);
        }
        if (depth != 0) {
            throw new IllegalArgumentException("\"}\" is missing in \"" + text + "\"");
        }
        if (!word.isEmpty()) {
            words.add(word.toString());
        }
        return List.copyOf(words);
    }

    static <E> E choice(String text, Map<String, E> words) {
        E value = words.get(text);
        if (value == null) {
            throw new IllegalArgumentException("\"" + text + "\" is not "
                    + String.join(
                            " or ",
                            words.keySet().stream()
                                    .sorted()
                                    .map(word -> word.isEmpty() ? "empty" : word)
                                    .toList()));
        }
        return value;
    }
}
