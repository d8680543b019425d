package postern.message;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.address.Domain;
import postern.wire.Utf8;

/// Finds the addresses in the value of a header field (RFC 5322 §3.4), and where each of them stands, so that
/// one can be replaced and nothing else changes. What is no address is passed over.
public final class AddressScan {
    private static final String SPECIALS = "()<>[]:;@,.\"";

    /// An address.
    ///
    /// @param from where it begins in the value; brackets, names and comments around it are not part of it
    /// @param route whether a source route stands before it (RFC 5321 §4.1.1.3), which is within the bounds
    public record Found(int from, int to, Address address, boolean route) {}

    private record Token(Kind kind, int from, int to, String text) {}

    private enum Kind {
        WORD,
        DOT,
        AT,
        OTHER
    }

    private final String text;
    private final List<Found> found = new ArrayList<>();
    private final List<Token> tokens = new ArrayList<>();
    private int at;

    private AddressScan(String text) {
        this.text = text;
    }

    /// The addresses in order.
    ///
    /// @param value behind the colon; each character is a byte
    public static List<Found> of(String value) {
        AddressScan scan = new AddressScan(value);
        scan.run();
        return scan.found;
    }

    private void run() {
        boolean angle = false;
        while (at < text.length()) {
            switch (text.charAt(at)) {
                case '<' -> {
                    tokens.clear();
                    angle();
                    angle = true;
                }
                case ',', ';' -> {
                    endElement(angle);
                    angle = false;
                    at++;
                }
                case ':' -> {
                    tokens.clear();
                    at++;
                }
                default -> token();
            }
        }
        endElement(angle);
    }

    private void endElement(boolean hadAngle) {
        if (!hadAngle) {
            add(false);
        }
        tokens.clear();
    }

    /// `<user@domain>`, perhaps with a source route in front.
    private void angle() {
        at++;
        boolean route = false;
        int from = -1;
        while (at < text.length() && text.charAt(at) != '>') {
            char c = text.charAt(at);
            if (c == ':') {
                route = true;
                from = from < 0 && !tokens.isEmpty() ? tokens.getFirst().from : from;
                tokens.clear();
                at++;
            } else if (c == ',' || c == ';' || c == '<') {
                tokens.add(new Token(Kind.OTHER, at, ++at, ""));
            } else {
                token();
            }
        }
        at = Math.min(at + 1, text.length());
        int before = found.size();
        add(route);
        if (route && from >= 0 && found.size() > before) {
            Found last = found.removeLast();
            found.add(new Found(from, last.to, last.address, true));
        }
        tokens.clear();
    }

    private void token() {
        int from = at;
        char c = text.charAt(at);
        switch (c) {
            case ' ', '\t', '\r', '\n' -> at++;
            case '(' -> comment();
            case '"' -> {
                StringBuilder inside = new StringBuilder();
                boolean closed = quoted(inside);
                tokens.add(new Token(closed ? Kind.WORD : Kind.OTHER, from, at, inside.toString()));
            }
            case '[' -> {
                int end = text.indexOf(']', at);
                at = end < 0 ? text.length() : end + 1;
                tokens.add(new Token(end < 0 ? Kind.OTHER : Kind.WORD, from, at, text.substring(from, at)));
            }
            case '.' -> tokens.add(new Token(Kind.DOT, from, ++at, "."));
            case '@' -> tokens.add(new Token(Kind.AT, from, ++at, "@"));
            case ')', '>', ']' -> tokens.add(new Token(Kind.OTHER, from, ++at, ""));
            default -> {
                String atom = atom();
                tokens.add(new Token(c < ' ' ? Kind.OTHER : Kind.WORD, from, at, atom));
            }
        }
    }

    private String atom() {
        int from = at;
        while (at < text.length() && text.charAt(at) > ' ' && SPECIALS.indexOf(text.charAt(at)) < 0) {
            at++;
        }
        at = Math.max(at, from + 1);
        return text.substring(from, at);
    }

    /// Passes a quoted string. Returns whether it ends.
    private boolean quoted(StringBuilder inside) {
        at++;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                return true;
            }
            if (c == '\\' && at < text.length()) {
                c = text.charAt(at++);
            }
            if (c != '\r' && c != '\n') {
                inside.append(c);
            }
        }
        return false;
    }

    private void comment() {
        int depth = 0;
        do {
            char c = text.charAt(at++);
            if (c == '\\') {
                at = Math.min(at + 1, text.length());
            } else if (c == '(') {
                depth++;
            } else if (c == ')') {
                depth--;
            }
        } while (depth > 0 && at < text.length());
    }

    /// What the tokens are, if they are an address.
    private void add(boolean route) {
        Address address = address();
        if (address != null) {
            found.add(new Found(tokens.getFirst().from, tokens.getLast().to, address, route));
        }
    }

    private @Nullable Address address() {
        StringBuilder local = new StringBuilder();
        @Nullable StringBuilder domain = null;
        Kind before = Kind.DOT;
        for (Token token : tokens) {
            boolean twoWords = token.kind == Kind.WORD && before == Kind.WORD;
            boolean twoDomains = token.kind == Kind.AT && domain != null;
            if (token.kind == Kind.OTHER || twoWords || twoDomains) {
                return null;
            }
            if (token.kind == Kind.AT) {
                domain = new StringBuilder();
            } else {
                (domain == null ? local : domain).append(token.text);
            }
            before = token.kind;
        }
        if (local.isEmpty() || (domain != null && domain.isEmpty())) {
            return null;
        }
        return new Address(decoded(local), domain == null ? null : new Domain(decoded(domain)));
    }

    private static String decoded(StringBuilder text) {
        byte[] bytes = text.toString().getBytes(StandardCharsets.ISO_8859_1);
        return Utf8.orLatin1(bytes, 0, bytes.length);
    }
}
