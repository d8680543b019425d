package postern.config;

import java.util.List;

/// Whether a setting says the same as the default in other words.
final class Sameness {
    private Sameness() {}

    /// Compares what both expand to: as lists (`a,b` and `a, b`), without case (`Yes`), as times (`0` and
    /// `0s`).
    static boolean isDefault(MainCf main, String name, String defaultText) {
        String text = main.text(name);
        if (text == null || text.equals(defaultText)) {
            return true;
        }
        try {
            String value = main.expand(text);
            String usual = main.expand(defaultText);
            return String.join(" ", words(value)).equalsIgnoreCase(String.join(" ", words(usual)))
                    || isSameTime(value, usual, Values.unit(defaultText));
        } catch (ConfigException | IllegalArgumentException e) {
            return false;
        }
    }

    private static List<String> words(String text) {
        return Values.list(text);
    }

    private static boolean isSameTime(String value, String usual, char unit) {
        try {
            return Values.time(value, unit).equals(Values.time(usual, unit));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
