package postern.pop3.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import postern.net.Connection;
import postern.wire.DotWriter;
import postern.wire.LineReader;
import postern.wire.Window;

/// Lines in, responses out. Responses wait in a buffer until the session would wait for input, so that a
/// pipelined batch is answered with few writes. Whatever a response says, it is one line: control characters in
/// it become `?`.
final class Chat {
    private static final int IDLE = 512;
    private static final int WIDE = 16 * 1024;
    private static final int STORED_AT_MOST = 64;
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\u0080-\u009f]");
    private static final ArrayDeque<byte[]> STORE = new ArrayDeque<>();

    private final Connection connection;
    private final Duration timeout;
    private final Window window = new Window(this::fill);
    private final LineReader lines = new LineReader(window);
    private final ByteBuffer idle = ByteBuffer.allocate(IDLE);
    private ByteBuffer out = idle;
    private byte @Nullable [] piece;
    private Duration patience;

    /// @param timeout for each write
    Chat(Connection connection, Duration timeout) {
        this.connection = connection;
        this.timeout = timeout;
        this.patience = timeout;
    }

    /// The next line, or null at the end of input or when its time is up ([#expired()]).
    ///
    /// @param within the time for the whole line
    /// @throws LineReader.TooLong when it is longer than `limit`; it has been read and thrown away
    @Nullable
    String line(int limit, Duration within) throws IOException {
        patience = within;
        connection.deadline().in(within);
        return lines.read(limit);
    }

    /// Whether a line holds no control characters but tabs.
    static boolean isPrintable(String line) {
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if ((c < ' ' && c != '\t') || c == 127) {
                return false;
            }
        }
        return true;
    }

    Window window() {
        return window;
    }

    boolean expired() {
        return connection.deadline().expired();
    }

    /// Says one line.
    void say(String line) throws IOException {
        byte[] bytes = (shown(line) + "\r\n").getBytes(StandardCharsets.UTF_8);
        for (int from = 0; from < bytes.length; ) {
            int count = Math.min(out.remaining(), bytes.length - from);
            out.put(bytes, from, count);
            from += count;
            if (!out.hasRemaining()) {
                flush();
            }
        }
    }

    private static String shown(String line) {
        for (int i = 0; i < line.length(); i++) {
            if (Character.isISOControl(line.charAt(i))) {
                return CONTROL.matcher(line).replaceAll("?");
            }
        }
        return line;
    }

    /// Writes what follows a response; its end stays in the buffer, for the next response to join it.
    void say(Response.Body body) throws IOException {
        if (out == idle) {
            out = ByteBuffer.wrap(borrow()).put(idle.flip());
            idle.clear();
        }
        DotWriter to = new DotWriter(this::send, out);
        body.write(to);
        to.end();
    }

    /// An array to carry texts in; valid until the next line is waited for.
    byte[] piece() {
        byte[] lent = piece;
        if (lent == null) {
            lent = borrow();
            piece = lent;
        }
        return lent;
    }

    void flush() throws IOException {
        if (out.position() > 0) {
            send(out.flip());
            out.clear();
        }
    }

    private void send(ByteBuffer bytes) throws IOException {
        connection.deadline().in(timeout);
        connection.write(bytes);
    }

    private int fill(ByteBuffer into) throws IOException {
        if (out.position() > 0) {
            flush();
            connection.deadline().in(patience);
        }
        release();
        return connection.read(into);
    }

    /// Gives back what was lent. To be called at the end, too.
    void release() {
        if (out != idle) {
            giveBack(out.array());
            out = idle.clear();
        }
        byte[] lent = piece;
        if (lent != null) {
            giveBack(lent);
            piece = null;
        }
    }

    private static byte[] borrow() {
        byte[] stored;
        synchronized (STORE) {
            stored = STORE.pollFirst();
        }
        return stored == null ? new byte[WIDE] : stored;
    }

    private static void giveBack(byte[] lent) {
        synchronized (STORE) {
            if (STORE.size() < STORED_AT_MOST) {
                STORE.addFirst(lent);
            }
        }
    }
}
