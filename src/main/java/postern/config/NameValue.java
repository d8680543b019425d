package postern.config;

/// `name = value`, white space around both left out.
record NameValue(String name, String value) {

    /// @param origin where the text stands, for the error
    /// @throws ConfigException when the name or the `=` is missing
    static NameValue parse(String text, String origin) {
        int start = skipSpace(text, 0);
        int end = start;
        while (end < text.length() && text.charAt(end) != '=' && !LogicalLines.isSpace(text.charAt(end))) {
            end++;
        }
        int equals = skipSpace(text, end);
        if (end == start) {
            throw new ConfigException(
                    origin + ": missing attribute name: \"" + shorten(text) + "\" (a line is \"name = value\")");
        }
        if (equals == text.length() || text.charAt(equals) != '=') {
            throw new ConfigException(origin + ": missing '=' after attribute name: \"" + shorten(text)
                    + "\" (a line is \"name = value\")");
        }
        int from = skipSpace(text, equals + 1);
        int to = text.length();
        while (to > from && LogicalLines.isSpace(text.charAt(to - 1))) {
            to--;
        }
        return new NameValue(text.substring(start, end), text.substring(from, to));
    }

    private static int skipSpace(String text, int at) {
        int next = at;
        while (next < text.length() && LogicalLines.isSpace(text.charAt(next))) {
            next++;
        }
        return next;
    }

    private static String shorten(String text) {
        return text.length() <= 60 ? text : text.substring(0, 57) + "...";
    }
}
