package postern.lookup;

import java.util.List;
import java.util.function.IntPredicate;

/// Unicode properties of `pcre:` expressions, for the characters that a byte can be as Latin-1.
final class PcreProperty {
    /// The general categories, at the places that [Character#getType(int)] gives them.
    private static final List<String> CATEGORIES = List.of(
            "Cn", "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Me", "Mc", "Nd", "Nl", "No", "", "Zs", "Zl", "Zp", "Cc", "Cf",
            "", "Co", "Cs", "Pd", "Ps", "Pe", "Pc", "Po", "Sm", "Sc", "Sk", "So", "Pi", "Pf");

    private PcreProperty() {}

    /// @param name a general category (`L`, `Lu`, `L&`), one of PCRE's own (`Any`, `Xan` …), or a script
    static ByteClass bytes(String name) {
        IntPredicate has = switch (name) {
            case "Any" -> c -> true;
            case "L&" -> c -> List.of("Lu", "Ll", "Lt").contains(category(c));
            case "Xan" -> c -> isIn(c, "L") || isIn(c, "N");
            case "Xwd" -> c -> isIn(c, "L") || isIn(c, "N") || c == '_';
            case "Xsp", "Xps" -> c -> isIn(c, "Z") || (c >= '\t' && c <= '\r');
            default -> named(name);
        };
        ByteClass bytes = new ByteClass();
        for (int c = 0; c < 256; c++) {
            if (has.test(c)) {
                bytes.add(c, c);
            }
        }
        return bytes;
    }

    private static IntPredicate named(String name) {
        if (!name.isEmpty() && CATEGORIES.stream().anyMatch(category -> category.startsWith(name))) {
            return c -> isIn(c, name);
        }
        try {
            Character.UnicodeScript script = Character.UnicodeScript.forName(name);
            return c -> Character.UnicodeScript.of(c) == script;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("unknown property after \\P or \\p: " + name, e);
        }
    }

    private static boolean isIn(int c, String category) {
        return category(c).startsWith(category);
    }

    private static String category(int c) {
        return CATEGORIES.get(Character.getType(c));
    }
}
