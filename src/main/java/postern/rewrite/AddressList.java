package postern.rewrite;

import java.util.ArrayList;
import java.util.List;
import postern.address.Address;

/// Addresses as tables hold them: between commas or white space, in external form (`"a b"@example.com`), as
/// `name <address>`, with comments in round brackets.
final class AddressList {
    private final String text;
    private final List<Address> found = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private int at;
    private int afterComma;

    private AddressList(String text) {
        this.text = text;
    }

    static List<Address> parse(String text) {
        return new AddressList(text).parse();
    }

    private List<Address> parse() {
        while (at < text.length()) {
            char c = text.charAt(at++);
            switch (c) {
                case '(' -> comment();
                case '<' -> angle();
                case '"' -> quoted();
                case '\\' -> word.append(at < text.length() ? text.charAt(at++) : c);
                case ' ', '\t', '\r', '\n' -> finish();
                case ',' -> {
                    finish();
                    afterComma = found.size();
                }
                default -> word.append(c);
            }
        }
        finish();
        return found;
    }

    private void finish() {
        if (!word.isEmpty()) {
            found.add(Address.ofInternal(word.toString()));
            word.setLength(0);
        }
    }

    private void comment() {
        int depth = 1;
        while (at < text.length() && depth > 0) {
            char c = text.charAt(at++);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            at += c == '\\' ? 1 : 0;
        }
    }

    /// What stood before it, back to the comma, was a name.
    private void angle() {
        word.setLength(0);
        found.subList(afterComma, found.size()).clear();
        while (at < text.length() && text.charAt(at) != '>') {
            char c = text.charAt(at++);
            if (c == '"') {
                quoted();
            } else {
                word.append(c);
            }
        }
        at++;
        finish();
    }

    /// The text without its quotes: addresses are held in internal form.
    private void quoted() {
        while (at < text.length() && text.charAt(at) != '"') {
            if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                at++;
            }
            word.append(text.charAt(at++));
        }
        at++;
    }
}
