package postern.smtp.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.net.Connection;
import postern.smtp.EnhancedStatus;
import postern.smtp.Reply;
import postern.wire.LineReader;
import postern.wire.Window;

/// Lines in, replies out. Replies wait in a buffer until the session would wait for input, so that a
/// pipelined batch is answered with one write. Whatever a reply says, it is one reply: control characters in
/// its text become `?`.
final class Chat {
    private static final int IDLE = 512;
    private static final int MOST = 4096;

    private final Connection connection;
    private final Duration timeout;
    private Duration nextLine;
    private final Window window = new Window(this::fill);
    private final LineReader lines = new LineReader(window);
    private byte[] out = new byte[IDLE];
    private int used;
    private int lastRead;
    private boolean lastReadFilled;

    /// @param timeout for a whole command line, and for each write (`smtpd_timeout`)
    Chat(Connection connection, Duration timeout) {
        this.connection = connection;
        this.timeout = timeout;
        this.nextLine = timeout;
    }

    /// The next line, or null at the end of input or when its time is up ([#expired()]).
    ///
    /// @throws LineReader.TooLong when it is longer than `limit`; it has been read and thrown away
    @Nullable
    String line(int limit) throws IOException {
        window.narrow();
        connection.deadline().in(nextLine);
        nextLine = timeout;
        return lines.read(limit);
    }

    /// The next line, and only that, has so long.
    void nextLineWithin(Duration time) {
        nextLine = time;
    }

    /// Whether a line holds something, and no control characters.
    static boolean isPrintable(String line) {
        boolean blank = true;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if ((c < ' ' && c != '\t') || (c >= 127 && c < 160)) {
                return false;
            }
            blank &= c == ' ' || c == '\t';
        }
        return !blank;
    }

    /// Whether the last line ended with LF alone.
    boolean endedBare() {
        return lines.endedBare();
    }

    /// Whether the last line was not UTF-8.
    boolean malformed() {
        return lines.malformed();
    }

    /// Whether the peer has sent more than was read: lines ahead of our replies.
    boolean hasInput() {
        return window.available() > 0;
    }

    /// Whether what the peer has sent ahead begins with this word, in upper case, and a space. A line that has
    /// begun is waited for.
    boolean isNext(String word) throws IOException {
        for (int i = 0; i <= word.length(); i++) {
            if (i == window.available() && (i == 0 || !fillLine())) {
                return false;
            }
            byte b = window.bytes()[window.start() + i];
            if (i < word.length() ? (b & ~0x20) != word.charAt(i) : b != ' ') {
                return false;
            }
        }
        return true;
    }

    private boolean fillLine() throws IOException {
        connection.deadline().in(timeout);
        return window.fill();
    }

    /// The input that was sent ahead, for a log line.
    String inputAhead(int most) {
        int count = Math.min(window.available(), most);
        return new String(window.bytes(), window.start(), count, StandardCharsets.ISO_8859_1)
                .replace("\r", "\\r")
                .replace("\n", "\\n");
    }

    Window window() {
        return window;
    }

    Connection connection() {
        return connection;
    }

    boolean expired() {
        return connection.deadline().expired();
    }

    void say(Reply reply) throws IOException {
        List<String> lines = reply.lines();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            reserve(line.length() + 20);
            code(reply.code(), i + 1 < lines.size() ? '-' : ' ');
            status(reply.status());
            text(line);
            out[used++] = '\r';
            out[used++] = '\n';
        }
    }

    void flush() throws IOException {
        if (used == 0) {
            return;
        }
        int count = used;
        used = 0;
        connection.deadline().in(timeout);
        connection.write(ByteBuffer.wrap(out, 0, count));
        if (out.length > MOST) {
            out = new byte[IDLE];
        }
    }

    private int fill(ByteBuffer into) throws IOException {
        flush();
        int room = into.remaining();
        lastRead = connection.read(into);
        lastReadFilled = lastRead == room;
        return lastRead;
    }

    /// Large reads while data flows, small ones from a sender that dribbles: memory is for those who use it.
    void adapt() {
        if (window.available() == 0) {
            if (lastReadFilled) {
                window.widen();
            } else if (lastRead < Window.IDLE) {
                window.narrow();
            }
        }
    }

    /// Makes room for so many bytes in one piece.
    private void reserve(int count) throws IOException {
        if (out.length - used >= count) {
            return;
        }
        if (used + count > MOST) {
            flush();
        }
        if (out.length - used < count) {
            byte[] larger = new byte[Math.max(used + count, 2 * out.length)];
            System.arraycopy(out, 0, larger, 0, used);
            out = larger;
        }
    }

    private void code(int code, char then) {
        out[used++] = (byte) ('0' + code / 100);
        out[used++] = (byte) ('0' + code / 10 % 10);
        out[used++] = (byte) ('0' + code % 10);
        out[used++] = (byte) then;
    }

    private void status(@Nullable EnhancedStatus status) {
        if (status != null) {
            number(status.statusClass(), '.');
            number(status.subject(), '.');
            number(status.detail(), ' ');
        }
    }

    /// A number of up to three digits.
    private void number(int value, char then) {
        if (value >= 100) {
            out[used++] = (byte) ('0' + value / 100);
        }
        if (value >= 10) {
            out[used++] = (byte) ('0' + value / 10 % 10);
        }
        out[used++] = (byte) ('0' + value % 10);
        out[used++] = (byte) then;
    }

    private void text(String line) throws IOException {
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c > 126) {
                utf8(line.substring(i));
                return;
            }
            out[used++] = (byte) (c < ' ' ? '?' : c);
        }
    }

    private void utf8(String rest) throws IOException {
        byte[] bytes = rest.replaceAll("[\\p{Cntrl}\u0080-\u009f]", "?").getBytes(StandardCharsets.UTF_8);
        reserve(bytes.length + 2);
        System.arraycopy(bytes, 0, out, used, bytes.length);
        used += bytes.length;
    }
}
