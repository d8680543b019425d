package postern.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// How the text of a parameter becomes a value. Every failure is an IllegalArgumentException that says what
/// would be right.
final class Values {
    private Values() {}

    static boolean bool(String text) {
        return switch (text) {
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

    static Duration time(String text, char defaultUnit) {
        if (!text.isEmpty()) {
            char last = text.charAt(text.length() - 1);
            boolean hasUnit = Character.isLetter(last);
            try {
                long count = Long.parseLong(hasUnit ? text.substring(0, text.length() - 1) : text);
                if (count >= 0) {
                    return switch (hasUnit ? last : defaultUnit) {
                        case 's' -> Duration.ofSeconds(count);
                        case 'm' -> Duration.ofMinutes(count);
                        case 'h' -> Duration.ofHours(count);
                        case 'd' -> Duration.ofDays(count);
                        case 'w' -> Duration.ofDays(7 * count);
                        default -> throw new IllegalArgumentException("\"" + text + "\" has no unit of s, m, h, d, w");
                    };
                }
            } catch (NumberFormatException e) {
                // said below
            }
        }
        throw new IllegalArgumentException("\"" + text + "\" is not a time such as 300s, 5m or 5d");
    }

    static List<String> list(String text) {
        List<String> members = new ArrayList<>();
        StringBuilder member = new StringBuilder();
        int depth = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (depth == 0 && (c == ',' || Character.isWhitespace(c))) {
                if (!member.isEmpty()) {
                    members.add(member.toString());
                    member.setLength(0);
                }
                continue;
            }
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            member.append(c);
        }
        if (depth != 0) {
            throw new IllegalArgumentException("the braces in \"" + text + "\" do not match");
        }
        if (!member.isEmpty()) {
            members.add(member.toString());
        }
        return List.copyOf(members);
    }

    static <E> E choice(String text, Map<String, E> words) {
        E value = words.get(text);
        if (value == null) {
            throw new IllegalArgumentException("\"" + text + "\" is none of "
                    + String.join(", ", words.keySet().stream().sorted().toList()));
        }
        return value;
    }
}
