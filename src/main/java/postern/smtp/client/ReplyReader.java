package postern.smtp.client;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.smtp.EnhancedStatus;
import postern.smtp.Reply;
import postern.wire.Utf8;
import postern.wire.Window;

/// Reads replies (RFC 5321 §4.2.1) out of a [Window], in bounded memory, whatever the peer sends: lines that
/// are too long are cut, control characters become `?`, a bare LF ends a line too. A peer says the same few
/// things again and again: a one-line reply seen before is not built again.
final class ReplyReader {
    private static final int LINE_BYTES = 2048;
    private static final int REPLY_BYTES = 64 * 1024;
    private static final int KNOWN = 8;
    private static final int KNOWN_BYTES = 64;

    /// The peer broke the grammar so that replies can no longer be told apart, or never ends.
    static final class Malformed extends IOException {
        private static final long serialVersionUID = 1;

        Malformed(String message) {
            super(message);
        }
    }

    private record Known(byte[] line, Reply reply) {}

    private final Window window;
    private final @Nullable Known[] known = new Known[KNOWN];
    private int oldest;
    private byte[] line = {};
    private int from;
    private int to;

    ReplyReader(Window window) {
        this.window = window;
    }

    /// The next reply.
    ///
    /// @param strict whether a line that is no reply line ends the dialog: with pipelining, a reply that is
    ///     taken for another one's would be worse. Else such lines are skipped, as Postfix does.
    /// @throws EOFException at the end of input
    Reply read(boolean strict) throws IOException {
        List<String> lines = null;
        int seen = 0;
        while (true) {
            nextLine();
            seen += to - from + 2;
            if (seen > REPLY_BYTES) {
                throw new Malformed("a reply of more than " + REPLY_BYTES + " bytes");
            }
            int code = code();
            boolean last = code > 0 && (to - from == 3 || line[from + 3] == ' ');
            if (!last && (code == 0 || line[from + 3] != '-')) {
                if (strict) {
                    throw new Malformed("no reply: " + text(0));
                }
                continue;
            }
            if (last && lines == null) {
                return single(code);
            }
            lines = lines == null ? new ArrayList<>() : lines;
            lines.add(text(4));
            if (last) {
                return reply(code, lines);
            }
        }
    }

    private Reply single(int code) {
        for (Known one : known) {
            if (one != null && Arrays.equals(one.line, 0, one.line.length, line, from, to)) {
                return one.reply;
            }
        }
        Reply reply = reply(code, List.of(text(4)));
        if (to - from <= KNOWN_BYTES) {
            known[oldest] = new Known(Arrays.copyOfRange(line, from, to), reply);
            oldest = (oldest + 1) % KNOWN;
        }
        return reply;
    }

    /// The enhanced status is the last line's (RFC 2034 §4 wants it on each).
    private static Reply reply(int code, List<String> lines) {
        EnhancedStatus status = EnhancedStatus.leading(lines.getLast());
        if (status == null || status.statusClass() != code / 100) {
            return new Reply(code, null, lines);
        }
        String prefix = status.toString();
        return new Reply(
                code, status, lines.stream().map(text -> without(prefix, text)).toList());
    }

    private static String without(String prefix, String text) {
        if (!text.startsWith(prefix)) {
            return text;
        }
        return text.length() == prefix.length()
                ? ""
                : text.charAt(prefix.length()) == ' ' ? text.substring(prefix.length() + 1) : text;
    }

    /// The code at the start of the line, 200 to 599; 0 when there is none.
    private int code() {
        if (to - from < 3 || line[from] < '2' || line[from] > '5') {
            return 0;
        }
        int code = 0;
        for (int i = from; i < from + 3; i++) {
            if (line[i] < '0' || line[i] > '9') {
                return 0;
            }
            code = code * 10 + line[i] - '0';
        }
        return code;
    }

    /// The line's text from an offset on, fit for logs and notices.
    private String text(int offset) {
        int start = Math.min(from + offset, to);
        boolean ascii = true;
        for (int i = start; i < to; i++) {
            if (line[i] >= 0 && line[i] < ' ' || line[i] == 127) {
                line[i] = (byte) (line[i] == '\t' ? ' ' : '?');
            }
            ascii &= line[i] >= 0;
        }
        return ascii
                ? new String(line, start, to - start, StandardCharsets.ISO_8859_1)
                : Utf8.orLatin1(line, start, to - start);
    }

    /// Finds the next line and leaves it, without its end, between `from` and `to`: in the window's array
    /// when it is whole there (valid until the next fill), else in one of its own, cut at [#LINE_BYTES].
    private void nextLine() throws IOException {
        int kept = 0;
        int scanned = 0;
        while (true) {
            byte[] bytes = window.bytes();
            int start = window.start();
            int end = window.end();
            int lf = indexOfLf(bytes, start + scanned, end);
            if (lf >= 0 || window.isFull()) {
                int stop = lf >= 0 ? lf : end;
                if (lf >= 0 && kept == 0) {
                    line = bytes;
                    from = start;
                    to = stop;
                } else {
                    kept = keep(kept, bytes, start, stop);
                }
                window.consume(lf >= 0 ? stop + 1 - start : stop - start);
                scanned = 0;
                if (lf >= 0) {
                    dropReturns();
                    return;
                }
            } else {
                scanned = end - start;
            }
            if (!window.fill()) {
                throw new EOFException("lost connection");
            }
        }
    }

    private int keep(int kept, byte[] bytes, int start, int stop) {
        if (kept == 0) {
            line = new byte[LINE_BYTES];
            from = 0;
        }
        int count = Math.min(stop - start, LINE_BYTES - kept);
        System.arraycopy(bytes, start, line, kept, count);
        to = kept + count;
        return to;
    }

    private void dropReturns() {
        while (to > from && line[to - 1] == '\r') {
            to--;
        }
    }

    private static int indexOfLf(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }
}
