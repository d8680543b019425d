package postern.dms.setup;

/// How a line of a file has its key and what belongs to it.
enum Layout {
    /// `key|value`
    BAR("|"),
    /// `key:value`; the value has no colon.
    COLON(":"),
    /// `key value`, as Postfix reads tables: a line that begins with white space goes on with the one before.
    SPACE(" ");

    private final String separator;

    Layout(String separator) {
        this.separator = separator;
    }

    /// What a new line has between key and value.
    String separator() {
        return separator;
    }

    boolean folds() {
        return this == SPACE;
    }

    /// Where the key ends in a text that has no white space in front.
    int keyEnd(String text) {
        int end = switch (this) {
            case BAR -> text.indexOf('|');
            case COLON -> text.lastIndexOf(':');
            case SPACE -> firstSpace(text);
        };
        return end < 0 ? text.length() : end;
    }

    /// Where the value begins.
    int valueStart(String text) {
        int at = keyEnd(text);
        if (this == SPACE) {
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                at++;
            }
            return at;
        }
        return Math.min(at + 1, text.length());
    }

    private static int firstSpace(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isWhitespace(text.charAt(i))) {
                return i;
            }
        }
        return -1;
    }
}
