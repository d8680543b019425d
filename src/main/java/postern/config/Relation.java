package postern.config;

import org.jspecify.annotations.Nullable;

/// The operator of a `${{left} == {right} ? …}`: a comparison of whole numbers where both sides are made of
/// digits, else of bytes; with `level` behind it, of compatibility levels.
///
/// @param less whether it holds when left is less; `equal` and `greater` likewise
record Relation(boolean less, boolean equal, boolean greater, boolean levels) {

    static @Nullable Relation of(String word) {
        boolean levels = word.endsWith("level");
        return switch (levels ? word.substring(0, word.length() - "level".length()) : word) {
            case "==" -> new Relation(false, true, false, levels);
            case "!=" -> new Relation(true, false, true, levels);
            case "<" -> new Relation(true, false, false, levels);
            case "<=" -> new Relation(true, true, false, levels);
            case ">" -> new Relation(false, false, true, levels);
            case ">=" -> new Relation(false, true, true, levels);
            default -> null;
        };
    }

    /// @throws IllegalArgumentException when a side is no level where one is wanted, or a number too large
    boolean holds(String left, String right) {
        int order = compare(left, right);
        return order < 0 ? less : order == 0 ? equal : greater;
    }

    private int compare(String left, String right) {
        if (levels) {
            return CompatibilityLevel.parse(left).compareTo(CompatibilityLevel.parse(right));
        }
        if (Values.isDigits(left) && Values.isDigits(right)) {
            return Long.compare(number(left), number(right));
        }
        return left.compareTo(right);
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("\"" + text + "\" is too large a number to compare", e);
        }
    }
}
