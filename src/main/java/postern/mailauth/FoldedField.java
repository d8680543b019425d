package postern.mailauth;

/// A header field of tags, folded so that its lines have 78 columns at most where words allow it (RFC 5322
/// §2.1.1, RFC 6376 §3.2).
final class FoldedField {
    private static final int WIDTH = 78;
    /// The tab at the beginning of a line reaches to the eighth column.
    private static final int TAB = 8;

    private final StringBuilder text;
    private int column;

    FoldedField(String name) {
        text = new StringBuilder(name).append(':');
        column = text.length();
    }

    /// A tag and its value, which is not broken.
    FoldedField tag(String tag) {
        if (column + 1 + tag.length() > WIDTH) {
            line();
        } else {
            text.append(' ');
            column++;
        }
        return append(tag);
    }

    /// The beginning of a tag on a line of its own.
    FoldedField lineWith(String tag) {
        line();
        return append(tag);
    }

    /// What goes on without white space before it, on the next line when it has no place on this one.
    FoldedField more(String part) {
        if (column + part.length() > WIDTH) {
            line();
        }
        return append(part);
    }

    /// Text that may be broken anywhere.
    FoldedField broken(String base64) {
        int at = 0;
        while (at < base64.length()) {
            if (column >= WIDTH) {
                line();
            }
            int end = Math.min(base64.length(), at + WIDTH - column);
            append(base64.substring(at, end));
            at = end;
        }
        return this;
    }

    private void line() {
        text.append("\r\n\t");
        column = TAB;
    }

    private FoldedField append(String part) {
        text.append(part);
        column += part.length();
        return this;
    }

    /// Without its last line end.
    @Override
    public String toString() {
        return text.toString();
    }
}
