package postern.lookup;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/// A set of bytes: what a bracket expression matches, worked out in full, so that nothing of its syntax
/// reaches java.util.regex, whose own differs.
final class ByteClass {
    private static final int ALL = 256;

    private final BitSet bytes = new BitSet(ALL);

    /// The class of that name in the C locale, or null.
    static @Nullable ByteClass named(String name) {
        return switch (name) {
            case "alpha" -> of("AZaz");
            case "digit" -> of("09");
            case "alnum" -> of("09AZaz");
            case "upper" -> of("AZ");
            case "lower" -> of("az");
            case "space" -> of("\t\r  ");
            case "blank" -> of("\t\t  ");
            case "punct" -> of("!/:@[`{~");
            case "print" -> of(" ~");
            case "graph" -> of("!~");
            case "cntrl" -> of("\0\37\177\177");
            case "xdigit" -> of("09AFaf");
            case "word" -> of("09AZaz__");
            case "ascii" -> of("\0\177");
            default -> null;
        };
    }

    /// Ranges, as pairs of characters.
    static ByteClass of(String ranges) {
        ByteClass made = new ByteClass();
        for (int i = 0; i < ranges.length(); i += 2) {
            made.add(ranges.charAt(i), ranges.charAt(i + 1));
        }
        return made;
    }

    void add(int first, int last) {
        bytes.set(first, last + 1);
    }

    void add(ByteClass other) {
        bytes.or(other.bytes);
    }

    ByteClass complement() {
        ByteClass made = new ByteClass();
        made.bytes.or(bytes);
        made.bytes.flip(0, ALL);
        return made;
    }

    void remove(int value) {
        bytes.clear(value);
    }

    /// Adds the other case of each letter.
    void ignoreCase() {
        for (int lower = 'a'; lower <= 'z'; lower++) {
            int upper = lower - ' ';
            boolean either = bytes.get(lower) || bytes.get(upper);
            bytes.set(lower, either);
            bytes.set(upper, either);
        }
    }

    /// Makes each small letter belong when its capital does, and only then.
    void followCapitals() {
        for (int lower = 'a'; lower <= 'z'; lower++) {
            bytes.set(lower, bytes.get(lower - ' '));
        }
    }

    /// As java.util.regex writes it.
    String regex() {
        if (bytes.isEmpty()) {
            return "(?!)";
        }
        StringBuilder text = new StringBuilder("[");
        for (int first = bytes.nextSetBit(0); first >= 0; ) {
            int end = bytes.nextClearBit(first);
            text.append(hex(first));
            if (end - first > 1) {
                text.append('-').append(hex(end - 1));
            }
            first = bytes.nextSetBit(end);
        }
        return text.append(']').toString();
    }

    /// One character, as java.util.regex writes it.
    static String literal(int c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')
                ? String.valueOf((char) c)
                : hex(c);
    }

    private static String hex(int c) {
        String digits = Integer.toHexString(c);
        return digits.length() < 2 ? "\\x0" + digits : "\\x" + digits;
    }
}
