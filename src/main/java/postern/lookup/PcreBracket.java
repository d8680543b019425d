package postern.lookup;

/// Reads a bracket expression of `pcre:`, from behind its `[`.
final class PcreBracket {
    private final Cursor text;
    private final boolean ignoreCase;
    private final ByteClass bytes = new ByteClass();

    PcreBracket(Cursor text, boolean ignoreCase) {
        this.text = text;
        this.ignoreCase = ignoreCase;
    }

    ByteClass read() {
        boolean negated = text.take("^");
        // A closing bracket in first place is an ordinary character.
        if (text.take("]")) {
            characterOrRange(']');
        }
        while (!text.take("]")) {
            if (text.isAtEnd()) {
                throw new IllegalArgumentException("missing terminating ] for character class");
            }
            element();
        }
        return negated ? bytes.complement() : bytes;
    }

    private void element() {
        if (isNamed(text, text.at())) {
            named();
            return;
        }
        if (!text.take("\\")) {
            characterOrRange(text.next());
            return;
        }
        switch (PcreEscape.readInBracket(text)) {
            case PcreEscape.Literal(int c) -> characterOrRange(c);
            case PcreEscape.OneOf(ByteClass set) -> {
                bytes.add(set);
                requireNoRange();
            }
            case PcreEscape.Quote() -> quoted();
            case PcreEscape.Nothing() -> {}
            case PcreEscape.NotNewline _,
                    PcreEscape.Place _,
                    PcreEscape.Sequence _,
                    PcreEscape.Reference _,
                    PcreEscape.NamedReference _ ->
                throw new IllegalArgumentException("escape sequence is invalid in character class");
        }
    }

    private void quoted() {
        while (!text.isAtEnd() && !text.take("\\E")) {
            character(text.next());
        }
    }

    private void characterOrRange(int low) {
        int mark = text.at();
        if (!text.take("-") || text.looksAt("]") || text.isAtEnd()) {
            text.back(mark);
            character(low);
            return;
        }
        if (isNamed(text, text.at())) {
            throw new IllegalArgumentException("invalid range in character class");
        }
        int high = text.next();
        if (high == '\\') {
            switch (PcreEscape.readInBracket(text)) {
                case PcreEscape.Literal(int c) -> high = c;
                case PcreEscape.OneOf _ -> throw new IllegalArgumentException("invalid range in character class");
                case PcreEscape.Quote _,
                        PcreEscape.Nothing _,
                        PcreEscape.NotNewline _,
                        PcreEscape.Place _,
                        PcreEscape.Sequence _,
                        PcreEscape.Reference _,
                        PcreEscape.NamedReference _ ->
                    throw new IllegalArgumentException("escape sequence is invalid as the end of a range");
            }
        }
        if (high < low) {
            throw new IllegalArgumentException("range out of order in character class");
        }
        ByteClass range = new ByteClass();
        range.add(low, high);
        add(range);
    }

    private void character(int c) {
        ByteClass one = new ByteClass();
        one.add(c, c);
        add(one);
    }

    private void add(ByteClass set) {
        if (ignoreCase) {
            set.ignoreCase();
        }
        bytes.add(set);
    }

    /// A class is no end of a range.
    private void requireNoRange() {
        if (text.looksAt("-") && !text.looksAt("-]")) {
            throw new IllegalArgumentException("invalid range in character class");
        }
    }

    /// Whether `[:name:]` stands at a place; `[:` without an end is ordinary.
    static boolean isNamed(Cursor text, int at) {
        String all = text.text();
        if (at + 1 >= all.length() || all.charAt(at) != '[' || ":.=".indexOf(all.charAt(at + 1)) < 0) {
            return false;
        }
        int end = all.indexOf(all.charAt(at + 1) + "]", at + 2);
        return end > 0 && all.substring(at + 2, end).indexOf(']') < 0;
    }

    private void named() {
        if (!text.take("[:")) {
            throw new IllegalArgumentException("POSIX collating elements are not supported");
        }
        boolean negated = text.take("^");
        String name = text.until(":]");
        boolean cased = name.equals("upper") || name.equals("lower");
        ByteClass set = ByteClass.named(ignoreCase && cased ? "alpha" : name);
        if (set == null) {
            throw new IllegalArgumentException("unknown POSIX class name");
        }
        bytes.add(negated ? set.complement() : set);
        requireNoRange();
    }
}
