package postern.lookup;

/// Reads a POSIX bracket expression, from behind its `[`. Where case does not count, the GNU library takes all
/// in capitals: `[A-z]` is `[A-Z]`.
final class PosixBracket {
    private final String text;
    private final boolean ignoreCase;
    private final ByteClass bytes = new ByteClass();
    private int at;
    private boolean negated;

    PosixBracket(String text, int at, boolean ignoreCase) {
        this.text = text;
        this.at = at;
        this.ignoreCase = ignoreCase;
    }

    boolean negated() {
        return negated;
    }

    /// Behind the `]`.
    int end() {
        return at;
    }

    ByteClass read() {
        negated = peek() == '^';
        at += negated ? 1 : 0;
        boolean first = true;
        while (first || peek() != ']') {
            element(first);
            first = false;
        }
        at++;
        if (ignoreCase) {
            bytes.followCapitals();
        }
        return negated ? bytes.complement() : bytes;
    }

    private void element(boolean first) {
        if (text.startsWith("[:", at)) {
            named();
            return;
        }
        if (!first && peek() == '-' && !text.startsWith("-]", at)) {
            throw new IllegalArgumentException("Invalid range end");
        }
        boolean equivalence = text.startsWith("[=", at);
        int low = character();
        if (!equivalence && peek() == '-' && !text.startsWith("-]", at)) {
            at++;
            if (text.startsWith("[:", at) || text.startsWith("[=", at)) {
                throw new IllegalArgumentException("Invalid range end");
            }
            int high = character();
            if (high < low) {
                throw new IllegalArgumentException("Invalid range end");
            }
            bytes.add(low, high);
        } else {
            bytes.add(low, low);
        }
    }

    private void named() {
        int end = text.indexOf(":]", at + 2);
        String name = end < 0 ? "" : text.substring(at + 2, end);
        boolean cased = name.equals("upper") || name.equals("lower");
        ByteClass of = name.equals("word") || name.equals("ascii")
                ? null
                : ByteClass.named(ignoreCase && cased ? "alpha" : name);
        if (of == null) {
            throw new IllegalArgumentException(
                    end < 0 ? "Unmatched [, [^, [:, [., or [=" : "Invalid character class name");
        }
        bytes.add(of);
        at = end + 2;
    }

    private int character() {
        char c = written();
        return ignoreCase && c >= 'a' && c <= 'z' ? c - ' ' : c;
    }

    /// A character, also as `[.x.]` or `[=x=]`.
    private char written() {
        if (text.startsWith("[.", at) || text.startsWith("[=", at)) {
            if (at + 4 >= text.length() || !text.startsWith(text.charAt(at + 1) + "]", at + 3)) {
                throw new IllegalArgumentException("Invalid collation character");
            }
            at += 5;
            return text.charAt(at - 3);
        }
        char c = peek();
        at++;
        return c;
    }

    private char peek() {
        if (at >= text.length()) {
            throw new IllegalArgumentException("Unmatched [, [^, [:, [., or [=");
        }
        return text.charAt(at);
    }
}
