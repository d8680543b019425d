package postern.queue;

/// Text from anywhere, made fit for lines of a notice: no control characters, nothing outside ASCII where
/// that is not allowed, lines folded at spaces.
final class Folded {
    private static final int WIDTH = 78;
    private static final int LONGEST_WORD = 900;

    private Folded() {}

    /// A header field: folded behind its name, continued behind four spaces.
    static String field(String name, String value, boolean utf8) {
        return fold(name + ": " + clean(value, utf8), "    ");
    }

    /// An indented paragraph.
    static String indented(String text, boolean utf8) {
        return fold("    " + clean(text, utf8), "    ");
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

    /// Lines of at most 78 characters where the words allow it, each with its end.
    private static String fold(String text, String indent) {
        StringBuilder folded = new StringBuilder(text.length() + 16);
        int lineStart = 0;
        int from = 0;
        while (from < text.length()) {
            int space = text.indexOf(' ', from + 1);
            int to = Math.min(space < 0 ? text.length() : space, from + LONGEST_WORD);
            boolean blank = text.substring(lineStart, from).isBlank();
            if (!blank && to - lineStart + (lineStart == 0 ? 0 : indent.length()) > WIDTH) {
                folded.append("\r\n").append(indent);
                lineStart = text.charAt(from) == ' ' ? from + 1 : from;
                from = lineStart;
            } else {
                folded.append(text, from, to);
                from = to;
            }
        }
        return folded.append("\r\n").toString();
    }
}
