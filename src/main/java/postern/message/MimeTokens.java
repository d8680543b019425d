package postern.message;

import java.util.ArrayList;
import java.util.List;

/// The tokens of a structured MIME field (RFC 2045 §5.1), parameter by parameter. Comments are skipped, however
/// deep they are nested; a quoted string is one token without its quotes.
final class MimeTokens {
    private static final String SPECIALS = "()<>@,;:\\\"/[]?=";

    /// More are of no use: `boundary`, `=`, the value.
    private static final int MOST = 3;

    private final String text;
    private int at;

    /// @param text behind the colon; each character is a byte
    MimeTokens(String text) {
        this.text = text;
    }

    boolean hasNext() {
        return at < text.length();
    }

    /// The first tokens up to the next semicolon, which is passed, or to the end.
    List<String> next() {
        List<String> tokens = new ArrayList<>(MOST);
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == ';') {
                at++;
                return tokens;
            }
            if (c == '(') {
                skipComment();
            } else if (c <= ' ') {
                at++;
            } else {
                String token = c == '"' ? quoted() : SPECIALS.indexOf(c) >= 0 ? special() : atom();
                if (tokens.size() < MOST) {
                    tokens.add(token);
                }
            }
        }
        return tokens;
    }

    private String special() {
        return text.substring(at, ++at);
    }

    private String atom() {
        int from = at;
        while (at < text.length() && text.charAt(at) > ' ' && SPECIALS.indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(from, at);
    }

    private String quoted() {
        StringBuilder inside = new StringBuilder();
        at++;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                break;
            }
            if (c == '\\' && at < text.length()) {
                c = text.charAt(at++);
            }
            if (c != '\r' && c != '\n') {
                inside.append(c);
            }
        }
        return inside.toString();
    }

    private void skipComment() {
        int depth = 0;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '\\') {
                at = Math.min(at + 1, text.length());
            } else if (c == '(') {
                depth++;
            } else if (c == ')' && --depth == 0) {
                return;
            }
        }
    }
}
