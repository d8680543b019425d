package postern.queue;

/// Text from anywhere, made fit for lines of a notice: no control characters, nothing outside ASCII where
/// that is not allowed, lines folded at spaces.
final class Folded {
    private static final int WIDTH = 78;
    private static final String INDENT = "    ";

    /// What makes less than the 998 octets of a line (RFC 5322 §2.1.1) together with a field's name.
    private static final int LONGEST_WORD = 900;
    private static final int LONGEST_UTF8_WORD = LONGEST_WORD / 4;

    private Folded() {}

    /// A header field: folded behind the first word of its value, continued behind four spaces.
    static String field(String name, String value, boolean utf8) {
        return fold(name + ": ", clean(value, utf8), utf8 ? LONGEST_UTF8_WORD : LONGEST_WORD);
    }

    /// An indented paragraph.
    static String indented(String text, boolean utf8) {
        return fold(INDENT, clean(text, utf8), utf8 ? LONGEST_UTF8_WORD : LONGEST_WORD);
    }

    /// The text on one line, and no other thing than text.
    static String clean(String text, boolean utf8) {
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            boolean control = c < ' ' || (c >= 0x7f && c < 0xa0);
            boolean line = c == '\r' || c == '\n' || c == '\t' || c == 0x2028 || c == 0x2029;
            boolean foreign = c > 127 && (!utf8 || (c >= 0xd800 && c < 0xe000));
            clean.appendCodePoint(line ? ' ' : control || foreign ? '?' : c);
        });
        return clean.toString().strip();
    }

    /// Lines of at most 78 characters where the words allow it, each with its end, none of them blank.
    private static String fold(String first, String text, int longestWord) {
        StringBuilder folded = new StringBuilder(first.length() + text.length() + 16).append(first);
        int column = first.length();
        boolean lineEmpty = true;
        int from = 0;
        while (from < text.length()) {
            int to = wordEnd(text, from, longestWord);
            if (!lineEmpty && column + to - from > WIDTH) {
                folded.append("\r\n").append(INDENT);
                column = INDENT.length();
                lineEmpty = true;
            }
            while (lineEmpty && from < to && text.charAt(from) == ' ') {
                from++;
            }
            folded.append(text, from, to);
            column += to - from;
            lineEmpty &= from == to;
            from = to;
        }
        return folded.append("\r\n").toString();
    }

    /// Where a word ends that begins here, perhaps with the space before it.
    private static int wordEnd(String text, int from, int longest) {
        int space = text.indexOf(' ', from + 1);
        int to = Math.min(space < 0 ? text.length() : space, from + longest);
        boolean splitsPair = to < text.length() && Character.isHighSurrogate(text.charAt(to - 1));
        return splitsPair ? to - 1 : to;
    }
}
