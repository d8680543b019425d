package postern.lookup;

/// What a backslash of a `pcre:` expression begins.
sealed interface PcreEscape {
    /// One character.
    record Literal(int c) implements PcreEscape {}

    /// One of several characters.
    record OneOf(ByteClass bytes) implements PcreEscape {}

    /// `\N`
    record NotNewline() implements PcreEscape {}

    /// No character: a place.
    record Place(String regex) implements PcreEscape {}

    /// More than one character.
    record Sequence(String regex) implements PcreEscape {}

    /// What a group matched.
    record Reference(int group) implements PcreEscape {}

    /// The same, by the group's name.
    record NamedReference(String name) implements PcreEscape {}

    /// `\Q`: up to `\E` there are no operators.
    record Quote() implements PcreEscape {}

    /// `\E` without `\Q`.
    record Nothing() implements PcreEscape {}

    /// Reads from behind the backslash.
    ///
    /// @param groups how many groups the whole expression has, and before this place: `\10` is a reference only
    ///     when there are ten, `\g{-1}` counts back
    static PcreEscape read(Cursor text, int groupsInAll, int groupsBefore) {
        if (text.isAtEnd()) {
            throw new IllegalArgumentException("\\ at end of pattern");
        }
        char c = text.next();
        return switch (c) {
            case 'b' -> new Place("\\b");
            case 'B', 'A', 'Z', 'z', 'G' -> new Place("\\" + c);
            case 'R' -> new Sequence("(?>\\r\\n|[\\n-\\r\\x85])");
            case 'X' -> new Sequence("\\X");
            case 'N' -> new NotNewline();
            case 'Q' -> new Quote();
            case 'E' -> new Nothing();
            case 'g' -> byG(text, groupsBefore);
            case 'k' -> new NamedReference(delimited(text, "<'{"));
            case '1', '2', '3', '4', '5', '6', '7', '8', '9' -> digits(text, c, groupsInAll);
            default -> inBracket(text, c);
        };
    }

    /// Reads from behind the backslash inside of square brackets, where there are no places and references.
    static PcreEscape readInBracket(Cursor text) {
        char c = text.next();
        if (c >= '1' && c <= '7') {
            text.back(text.at() - 1);
            return new Literal(text.number(8, 3) & 0xff);
        }
        return switch (c) {
            case 'b' -> new Literal('\b');
            case 'Q' -> new Quote();
            case 'E' -> new Nothing();
            case 'B', 'R', 'X', 'N' ->
                throw new IllegalArgumentException("escape sequence is invalid in character class: \\" + c);
            default -> inBracket(text, c);
        };
    }

    private static PcreEscape inBracket(Cursor text, char c) {
        return switch (c) {
            case 'a' -> new Literal(7);
            case 'e' -> new Literal(27);
            case 'f' -> new Literal('\f');
            case 'n' -> new Literal('\n');
            case 'r' -> new Literal('\r');
            case 't' -> new Literal('\t');
            case 'c' -> new Literal(Character.toUpperCase(text.next()) ^ 0x40);
            case '0' -> new Literal(Math.max(0, text.number(8, 2)));
            case 'o' -> new Literal(braced(text, 8));
            case 'x' -> new Literal(text.looksAt("{") ? braced(text, 16) : Math.max(0, text.number(16, 2)));
            case 'd', 'D', 'w', 'W', 's', 'S', 'h', 'H', 'v', 'V', 'C' -> new OneOf(kind(c));
            case 'p', 'P' -> new OneOf(property(text, c == 'P'));
            default -> {
                if (c < 128 && Character.isLetterOrDigit(c)) {
                    throw new IllegalArgumentException("\\" + c + " is not supported");
                }
                yield new Literal(c);
            }
        };
    }

    private static int braced(Cursor text, int radix) {
        if (!text.take("{")) {
            throw new IllegalArgumentException("missing opening brace");
        }
        int value = text.number(radix, 8);
        if (!text.take("}") || value < 0 || value > 255) {
            throw new IllegalArgumentException("not the number of a byte in \\x{} or \\o{}");
        }
        return value;
    }

    private static ByteClass kind(char c) {
        ByteClass bytes = switch (Character.toLowerCase(c)) {
            case 'd' -> ByteClass.of("09");
            case 'w' -> ByteClass.of("09AZaz__");
            case 's' -> ByteClass.of("\t\r  ");
            case 'h' -> ByteClass.of("\t\t  \u00a0\u00a0");
            case 'v' -> ByteClass.of("\n\r\u0085\u0085");
            default -> new ByteClass();
        };
        return Character.isUpperCase(c) ? bytes.complement() : bytes;
    }

    /// `\pL`, `\p{Lu}`, `\p{^Lu}`: of the bytes, taken as Latin-1.
    private static ByteClass property(Cursor text, boolean negated) {
        String name = text.take("{") ? text.until("}") : String.valueOf(text.next());
        boolean not = name.startsWith("^") != negated;
        ByteClass bytes = PcreProperty.bytes(name.startsWith("^") ? name.substring(1) : name);
        return not ? bytes.complement() : bytes;
    }

    /// `\1` to `\9` are references; `\10` and above too when there are as many groups, else they are octal.
    private static PcreEscape digits(Cursor text, char first, int groupsInAll) {
        int start = text.at() - 1;
        text.back(start);
        int number = text.number(10, 4);
        if (number < 10 || first >= '8' || number <= groupsInAll) {
            return new Reference(number);
        }
        text.back(start);
        return new Literal(text.number(8, 3) & 0xff);
    }

    private static PcreEscape byG(Cursor text, int groupsBefore) {
        if (text.looksAt("<") || text.looksAt("'")) {
            throw new IllegalArgumentException("recursion with \\g is not supported");
        }
        String name;
        if (text.looksAt("{")) {
            name = delimited(text, "{");
        } else {
            int start = text.at();
            text.take("-");
            text.number(10, 4);
            name = text.text().substring(start, text.at());
        }
        if (name.matches("\\d{1,4}")) {
            return new Reference(Integer.parseInt(name));
        }
        if (name.matches("[-+]\\d{1,4}")) {
            int relative = Integer.parseInt(name);
            return new Reference(relative < 0 ? groupsBefore + 1 + relative : groupsBefore + relative);
        }
        return new NamedReference(name);
    }

    /// A name in `<>`, `''` or `{}`.
    private static String delimited(Cursor text, String openings) {
        if (text.isAtEnd() || openings.indexOf(text.peek()) < 0) {
            throw new IllegalArgumentException("\\k and \\g need a name in braces, angle brackets or quotes");
        }
        return switch (text.next()) {
            case '<' -> text.until(">");
            case '{' -> text.until("}");
            default -> text.until("'");
        };
    }
}
