package postern.config;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The logical lines of a Postfix file (postconf(5), master(5), access(5) …): empty lines and lines whose
/// first text is `#` are skipped, wherever they stand; a line that begins with white space continues the one
/// before.
///
/// @param lines the logical lines in order
/// @param warnings what is odd but no error, each beginning with `file:line: `
public record LogicalLines(List<Line> lines, List<String> warnings) {

    /// One logical line, without white space at its end. The white space between its physical lines is kept.
    ///
    /// @param number the physical line it begins at, from 1
    public record Line(String text, int number) {}

    /// Takes a file's bytes apart.
    ///
    /// @param name how messages call the file: `main.cf`
    /// @throws ConfigException when a line that counts holds a NUL or is not UTF-8
    public static LogicalLines of(String name, byte[] bytes) {
        return new Reader(name).read(bytes);
    }

    private static final class Reader {
        private final String name;
        private final List<Line> lines = new ArrayList<>();
        private final List<String> warnings = new ArrayList<>();
        private final StringBuilder logical = new StringBuilder();
        private int begun;

        Reader(String name) {
            this.name = name;
        }

        LogicalLines read(byte[] bytes) {
            int start = startsWithByteOrderMark(bytes) ? 3 : 0;
            if (start > 0) {
                warnings.add(name + ":1: a byte order mark is skipped");
            }
            int number = 1;
            while (start < bytes.length) {
                int end = start;
                while (end < bytes.length && bytes[end] != '\n') {
                    end++;
                }
                physical(bytes, start, end, number);
                start = end + 1;
                number++;
            }
            finish();
            return new LogicalLines(List.copyOf(lines), List.copyOf(warnings));
        }

        private void physical(byte[] bytes, int start, int end, int number) {
            int first = start;
            while (first < end && isSpace(bytes[first])) {
                first++;
            }
            if (first == end || bytes[first] == '#') {
                return;
            }
            String text = decode(bytes, start, end, number);
            boolean continues = first > start;
            if (!continues) {
                finish();
                begun = number;
            } else if (begun == 0) {
                warnings.add(name + ":" + number + ": logical line must not start with whitespace: \"" + text.strip()
                        + "\" is left out");
                return;
            }
            logical.append(text);
        }

        private String decode(byte[] bytes, int start, int end, int number) {
            for (int i = start; i < end; i++) {
                if (bytes[i] == 0) {
                    throw new ConfigException(name + ":" + number + ": a NUL byte; remove it");
                }
            }
            try {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes, start, end - start))
                        .toString();
            } catch (CharacterCodingException e) {
                throw new ConfigException(name + ":" + number + ": not UTF-8; save the file as UTF-8", e);
            }
        }

        private void finish() {
            if (begun > 0) {
                int end = logical.length();
                while (end > 0 && isSpace(logical.charAt(end - 1))) {
                    end--;
                }
                lines.add(new Line(logical.substring(0, end), begun));
                logical.setLength(0);
                begun = 0;
            }
        }

        private static boolean startsWithByteOrderMark(byte[] bytes) {
            return bytes.length >= 3 && bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB && bytes[2] == (byte) 0xBF;
        }
    }

    /// White space as C's `isspace` sees it.
    static boolean isSpace(int c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }
}
