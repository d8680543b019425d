package postern.mailbox.transfer;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Reads the responses of an IMAP server (RFC 9051 §7): a tag or `*`, and values in lists of lists. What comes
/// behind `OK`, `NO`, `BAD`, `BYE` and `PREAUTH` is one text.
final class ImapParser {
    private static final int LONGEST = 1 << 20;
    private static final int DEEPEST = 20;

    /// A value in a response.
    sealed interface Value {
        /// `NIL`, `\Seen`, `17`, `"text"` or a literal; a character is a byte.
        ///
        /// @param isAtom and not quoted
        record Text(String text, boolean isAtom) implements Value {}

        record Nested(List<Value> values) implements Value {}
    }

    /// @param tag `*` and `+` are such too
    /// @param text behind `OK` and its kin; else empty
    record Response(String tag, List<Value> values, String text) {
        /// A word in upper case; empty when there is none at that place.
        String word(int index) {
            return index < values.size() && values.get(index) instanceof Value.Text word
                    ? word.text().toUpperCase(Locale.ROOT)
                    : "";
        }
    }

    /// Takes the literal behind `BODY[]`.
    interface Sink {
        /// @param before the values of the list so far
        /// @param text what is not read of it is passed over
        void literal(List<Value> before, InputStream text) throws IOException;
    }

    private final InputStream in;
    private int peeked = -2;
    private int length;

    ImapParser(InputStream in) {
        this.in = in;
    }

    /// The next response.
    ///
    /// @param sink null when no texts are awaited
    /// @throws EOFException when the server has gone
    /// @throws IOException also when it cannot be understood
    Response read(@Nullable Sink sink) throws IOException {
        length = 0;
        String tag = atom();
        if (tag.equals("+")) {
            return new Response(tag, List.of(), line());
        }
        skip(' ');
        List<Value> values = new ArrayList<>();
        while (peek() != '\r' && peek() != '\n') {
            values.add(value(values, sink, 0));
            boolean isText = values.size() == 1
                    && values.getFirst() instanceof Value.Text word
                    && word.text().toUpperCase(Locale.ROOT).matches("OK|NO|BAD|BYE|PREAUTH");
            if (isText) {
                return new Response(tag, values, line().strip());
            }
            while (peek() == ' ') {
                next();
            }
        }
        line();
        return new Response(tag, values, "");
    }

    private Value value(List<Value> before, @Nullable Sink sink, int depth) throws IOException {
        return switch (peek()) {
            case '(' -> nested(sink, depth);
            case '"' -> new Value.Text(quoted(), false);
            case '{' -> literal(before, sink);
            default -> new Value.Text(atom(), true);
        };
    }

    private Value nested(@Nullable Sink sink, int depth) throws IOException {
        if (depth == DEEPEST) {
            throw odd();
        }
        skip('(');
        List<Value> values = new ArrayList<>();
        while (peek() != ')') {
            if (peek() == ' ') {
                next();
            } else {
                values.add(value(values, sink, depth + 1));
            }
        }
        next();
        return new Value.Nested(values);
    }

    private Value literal(List<Value> before, @Nullable Sink sink) throws IOException {
        skip('{');
        StringBuilder digits = new StringBuilder();
        while (peek() != '}') {
            digits.append((char) next());
        }
        next();
        line();
        if (!digits.toString().matches("[0-9]{1,18}")) {
            throw odd();
        }
        long size = Long.parseLong(digits.toString());
        boolean isBody = !before.isEmpty()
                && before.getLast() instanceof Value.Text name
                && name.text().equalsIgnoreCase("BODY[]");
        if (sink != null && isBody) {
            LengthStream text = new LengthStream(in, size);
            sink.literal(before, text);
            text.skipRest();
            return new Value.Text("", false);
        }
        count(size);
        byte[] bytes = in.readNBytes((int) size);
        if (bytes.length < size) {
            throw new EOFException("the server has gone");
        }
        return new Value.Text(new String(bytes, StandardCharsets.ISO_8859_1), false);
    }

    private String quoted() throws IOException {
        skip('"');
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        while (peek() != '"') {
            int c = next();
            text.write(c == '\\' ? next() : c);
        }
        next();
        return text.toString(StandardCharsets.ISO_8859_1);
    }

    /// Brackets may hold spaces and lists: `BODY[HEADER.FIELDS (FROM)]`.
    private String atom() throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        int brackets = 0;
        while (brackets > 0 ? peek() != '\r' && peek() != '\n' : " ()\r\n\"".indexOf(peek()) < 0) {
            int c = next();
            brackets += c == '[' ? 1 : c == ']' ? -1 : 0;
            text.write(c);
        }
        if (text.size() == 0) {
            throw odd();
        }
        return text.toString(StandardCharsets.ISO_8859_1);
    }

    private String line() throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (int c = next(); c != '\n'; c = next()) {
            text.write(c);
        }
        return text.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    private int peek() throws IOException {
        if (peeked == -2) {
            peeked = in.read();
        }
        if (peeked < 0) {
            throw new EOFException("the server has gone");
        }
        return peeked;
    }

    private int next() throws IOException {
        int c = peek();
        peeked = -2;
        count(1);
        return c;
    }

    private void count(long more) throws IOException {
        if (more > LONGEST - length) {
            throw new IOException("a response of the server is too long");
        }
        length += (int) more;
    }

    private void skip(char c) throws IOException {
        if (next() != c) {
            throw odd();
        }
    }

    private static IOException odd() {
        return new IOException("a response of the server cannot be understood");
    }
}
