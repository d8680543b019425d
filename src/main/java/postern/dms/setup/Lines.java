package postern.dms.setup;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The lines of a text file, with their ends. What is not changed is written as it was read, to the byte.
final class Lines {
    /// @param end LF, CR LF, or nothing in a last line
    private record Line(String text, String end) {}

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    /// UTF-8, or ISO 8859-1 when the file is not UTF-8: any bytes can be read so, and written back.
    private final Charset charset;
    private final List<Line> lines = new ArrayList<>();
    /// What some editors put in front of a file: no part of its first line.
    private String mark = "";

    private Lines(Charset charset) {
        this.charset = charset;
    }

    static Lines of(byte[] bytes) {
        Lines read = new Lines(isUtf8(bytes) ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
        String text = new String(bytes, read.charset);
        read.mark =
                read.charset.equals(StandardCharsets.UTF_8) && text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : "";
        for (int from = read.mark.length(); from < text.length(); ) {
            int newline = text.indexOf('\n', from);
            int next = newline < 0 ? text.length() : newline + 1;
            int end = newline < 0 ? next : newline > from && text.charAt(newline - 1) == '\r' ? newline - 1 : newline;
            read.lines.add(new Line(text.substring(from, end), text.substring(end, next)));
            from = next;
        }
        return read;
    }

    private static boolean isUtf8(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    byte[] bytes() {
        StringBuilder text = new StringBuilder(mark);
        lines.forEach(line -> text.append(line.text).append(line.end));
        return text.toString().getBytes(charset);
    }

    int size() {
        return lines.size();
    }

    /// A line without its end.
    String get(int index) {
        return lines.get(index).text;
    }

    void set(int index, String text) {
        check(text);
        lines.set(index, new Line(text, lines.get(index).end));
    }

    void remove(int index) {
        lines.remove(index);
    }

    /// Adds a line behind the last, which is ended first when it was not.
    void add(String text) {
        check(text);
        String end = "\n";
        for (Line line : lines) {
            end = line.end.isEmpty() ? end : line.end;
        }
        if (!lines.isEmpty() && lines.getLast().end.isEmpty()) {
            lines.set(lines.size() - 1, new Line(lines.getLast().text, end));
        }
        lines.add(new Line(text, end));
    }

    private void check(String text) {
        if (!charset.newEncoder().canEncode(text)) {
            throw Refusal.of("\"" + text + "\" cannot be written into a file that is not UTF-8");
        }
    }
}
