package postern.smtp;

import org.jspecify.annotations.Nullable;

/// An enhanced mail system status code (RFC 3463): class 2, 4 or 5, subject and detail of up to three digits.
public record EnhancedStatus(int statusClass, int subject, int detail) {
    public static final EnhancedStatus OK = new EnhancedStatus(2, 0, 0);

    /// Reads `5.7.1`; null when the text is not a status code.
    public static @Nullable EnhancedStatus parse(String text) {
        int first = text.indexOf('.');
        int second = text.indexOf('.', first + 1);
        if (first != 1 || second < 3 || "245".indexOf(text.charAt(0)) < 0) {
            return null;
        }
        int subject = digits(text, first + 1, second);
        int detail = digits(text, second + 1, text.length());
        return subject < 0 || detail < 0 ? null : new EnhancedStatus(text.charAt(0) - '0', subject, detail);
    }

    /// The status that begins a reply's text (`5.7.1 Relay access denied`), or null (RFC 2034 §4).
    public static @Nullable EnhancedStatus leading(String text) {
        int space = text.indexOf(' ');
        return parse(space < 0 ? text : text.substring(0, space));
    }

    public EnhancedStatus withClass(int other) {
        return new EnhancedStatus(other, subject, detail);
    }

    private static int digits(String text, int from, int to) {
        if (to - from < 1 || to - from > 3) {
            return -1;
        }
        int value = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    @Override
    public String toString() {
        return statusClass + "." + subject + "." + detail;
    }
}
