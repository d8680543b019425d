package postern.lookup;

/// The options of a `pcre:` expression that hold from here to the end of the group.
///
/// @param lines whether `^` and `$` match at each line
/// @param dollarEndOnly whether `$` does not match before a newline at the end
record PcreOptions(
        boolean ignoreCase, boolean extended, boolean ungreedy, boolean dotAll, boolean lines, boolean dollarEndOnly) {

    /// The options by the flags behind an expression. Postfix sets caseless and dotall, each flag toggles.
    static PcreOptions of(String flags) {
        return new PcreOptions(
                !isOdd(flags, 'i'),
                isOdd(flags, 'x'),
                isOdd(flags, 'U'),
                !isOdd(flags, 's'),
                isOdd(flags, 'm'),
                isOdd(flags, 'E'));
    }

    static boolean isOdd(String flags, char flag) {
        return flags.chars().filter(c -> c == flag).count() % 2 == 1;
    }

    /// With the letters of `(?im-sx)`; stands behind them afterwards.
    PcreOptions changed(Cursor text) {
        boolean on = true;
        PcreOptions made = this;
        if (text.take("^")) {
            made = new PcreOptions(false, false, ungreedy, false, false, dollarEndOnly);
        }
        while (!text.isAtEnd() && "imsxU-".indexOf(text.peek()) >= 0) {
            char letter = text.next();
            if (letter == '-') {
                on = false;
            } else {
                made = made.with(letter, on);
            }
        }
        return made;
    }

    private PcreOptions with(char letter, boolean on) {
        return new PcreOptions(
                letter == 'i' ? on : ignoreCase,
                letter == 'x' ? on : extended,
                letter == 'U' ? on : ungreedy,
                letter == 's' ? on : dotAll,
                letter == 'm' ? on : lines,
                dollarEndOnly);
    }
}
