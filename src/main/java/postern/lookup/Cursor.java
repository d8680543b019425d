package postern.lookup;

/// A place in a text that is read once, from left to right.
final class Cursor {
    /// What [#peek()] gives at the end.
    static final int END = -1;

    private final String text;
    private int at;

    Cursor(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }

    int at() {
        return at;
    }

    boolean isAtEnd() {
        return at >= text.length();
    }

    int peek() {
        return isAtEnd() ? END : text.charAt(at);
    }

    /// @throws IllegalArgumentException at the end
    char next() {
        if (isAtEnd()) {
            throw new IllegalArgumentException("ends too early");
        }
        return text.charAt(at++);
    }

    boolean looksAt(String what) {
        return text.startsWith(what, at);
    }

    boolean take(String what) {
        boolean there = looksAt(what);
        at += there ? what.length() : 0;
        return there;
    }

    /// What comes before `end`, and steps over both.
    ///
    /// @throws IllegalArgumentException when `end` does not come
    String until(String end) {
        int found = text.indexOf(end, at);
        if (found < 0) {
            throw new IllegalArgumentException("missing " + end);
        }
        String before = text.substring(at, found);
        at = found + end.length();
        return before;
    }

    /// Up to `most` digits of a radix, as a number; -1 when there is none.
    int number(int radix, int most) {
        int value = -1;
        for (int i = 0; i < most && !isAtEnd() && text.charAt(at) < 128; i++) {
            int digit = Character.digit(text.charAt(at), radix);
            if (digit < 0) {
                break;
            }
            value = Math.max(value, 0) * radix + digit;
            at++;
        }
        return value;
    }

    void back(int to) {
        at = to;
    }
}
