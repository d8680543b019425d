package postern.lookup;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import postern.config.ConfigException;

/// The logical lines of a table: what begins with white space continues the line before; empty lines and
/// lines whose first character that is not white space is `#` are left out, also in between. Read one after
/// the other, because tables may be large.
final class TableLines {
    /// Takes one logical line: without white space at its end, with the number of its first physical line.
    @FunctionalInterface
    interface Sink {
        void line(String text, int number);
    }

    private final byte[] bytes;
    private final String file;
    private final Consumer<String> warnings;
    private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
    private final StringBuilder logical = new StringBuilder();
    private int logicalNumber;

    private TableLines(byte[] bytes, String file, Consumer<String> warnings) {
        this.bytes = bytes;
        this.file = file;
        this.warnings = warnings;
    }

    /// @param file for warnings: `/etc/postfix/relay`
    static void read(byte[] bytes, String file, Consumer<String> warnings, Sink sink) {
        new TableLines(bytes, file, warnings).read(sink);
    }

    /// The rules of `{ {rule}, {rule} }`: the table is in main.cf itself.
    static void inline(String braced, Sink sink) {
        List<String> rules = new ArrayList<>(Braces.members(Braces.inside(braced)));
        for (int i = 0; i < rules.size(); i++) {
            if (!rules.get(i).startsWith("{")) {
                throw new ConfigException("no '{' at start of text in \"" + rules.get(i) + "\"");
            }
            sink.line(Braces.inside(rules.get(i)).trim(), i + 1);
        }
    }

    private void read(Sink sink) {
        int start = 0;
        for (int number = 1; start < bytes.length; number++) {
            int end = start;
            while (end < bytes.length && bytes[end] != '\n') {
                end++;
            }
            physical(start, end, number, sink);
            start = end + 1;
        }
        finish(sink);
    }

    private void physical(int start, int end, int number, Sink sink) {
        int first = start;
        while (first < end && isSpace(bytes[first])) {
            first++;
        }
        if (first == end || bytes[first] == '#') {
            return;
        }
        boolean continues = first > start;
        if (!continues) {
            finish(sink);
        } else if (logicalNumber == 0) {
            warn(number, "logical line must not start with whitespace");
            return;
        }
        try {
            String text =
                    utf8.decode(ByteBuffer.wrap(bytes, start, end - start)).toString();
            if (text.indexOf('\0') >= 0) {
                warn(number, "NUL byte -- ignoring this line");
                return;
            }
            logicalNumber = continues ? logicalNumber : number;
            logical.append(text);
        } catch (CharacterCodingException e) {
            warn(number, "non-UTF-8 input -- ignoring this line");
        }
    }

    private void finish(Sink sink) {
        if (logicalNumber > 0) {
            int end = logical.length();
            while (end > 0 && isSpace(logical.charAt(end - 1))) {
                end--;
            }
            sink.line(logical.substring(0, end), logicalNumber);
            logical.setLength(0);
            logicalNumber = 0;
        }
    }

    private void warn(int number, String text) {
        warnings.accept(file + ", line " + number + ": " + text);
    }

    /// White space as C's `isspace` sees it.
    static boolean isSpace(int c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }
}
