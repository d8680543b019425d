package postern.ldap;

/// The text of a filter as people write it. The SDK takes RFC 4515 to the letter; OpenLDAP, which Postfix and
/// Dovecot use, allows white space between the parts of a filter, and files rely on that.
final class FilterText {
    private FilterText() {}

    /// Without the white space that stands for nothing, and in parentheses.
    static String of(String written) {
        String text = written.strip();
        StringBuilder out = new StringBuilder(text.length());
        boolean between = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean operator = "&|!".indexOf(c) >= 0 && !out.isEmpty() && out.charAt(out.length() - 1) == '(';
            if (!between || !Character.isWhitespace(c)) {
                out.append(c);
                between = c == '(' || c == ')' || operator;
            }
        }
        return text.startsWith("(") ? out.toString() : "(" + text + ")";
    }
}
