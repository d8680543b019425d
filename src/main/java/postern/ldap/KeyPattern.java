package postern.ldap;

import org.jspecify.annotations.Nullable;

/// A text with places for parts of the key that is looked up: `%s` all of it, `%u` and `%d` what stands before
/// and behind its `@`, `%1` to `%9` the labels of its domain, the last first; `%%` a percent sign. In a format
/// of results `%s`, `%u` and `%d` are parts of the result, and `%S`, `%U`, `%D` those of the key
/// (ldap_table(5)).
record KeyPattern(String text) {
    /// Tells whether the places are known.
    ///
    /// @throws IllegalArgumentException naming one that is not
    KeyPattern {
        for (int i = text.indexOf('%'); i >= 0; i = text.indexOf('%', i + 2)) {
            char c = i + 1 < text.length() ? text.charAt(i + 1) : ' ';
            if ("%sudSUD123456789".indexOf(c) < 0) {
                throw new IllegalArgumentException("%" + c + " is no part of a key; write %% for a percent sign");
            }
        }
    }

    /// Whether a part of the key stands in it.
    boolean isFixed() {
        return text.replace("%%", "").indexOf('%') < 0;
    }

    /// With the parts in their places; null when the key lacks one: then there is nothing to ask.
    @Nullable
    String expand(String key, Escape escape) {
        return expand(key, key, escape);
    }

    /// The format of a result.
    ///
    /// @param value what was found
    @Nullable
    String format(String key, String value) {
        return expand(key, value, Escape.NONE);
    }

    private @Nullable String expand(String key, String value, Escape escape) {
        StringBuilder out = new StringBuilder(text.length() + key.length());
        int from = 0;
        for (int at = text.indexOf('%'); at >= 0; at = text.indexOf('%', from)) {
            out.append(text, from, at);
            char c = text.charAt(at + 1);
            from = at + 2;
            if (c == '%') {
                out.append('%');
                continue;
            }
            String part = part(c, Character.isLowerCase(c) ? value : key);
            if (part == null || part.isEmpty()) {
                return null;
            }
            out.append(escape.of(part));
        }
        return out.append(text, from, text.length()).toString();
    }

    private static @Nullable String part(char c, String whole) {
        int at = whole.lastIndexOf('@');
        return switch (c) {
            case 's', 'S' -> whole;
            case 'u', 'U' -> at < 0 ? whole : whole.substring(0, at);
            case 'd', 'D' -> at < 0 ? null : whole.substring(at + 1);
            default -> at < 0 ? null : label(whole.substring(at + 1), c - '0');
        };
    }

    /// @param number from the right, the first is 1
    private static @Nullable String label(String domain, int number) {
        String[] labels = domain.split("\\.", -1);
        return number > labels.length ? null : labels[labels.length - number];
    }
}
