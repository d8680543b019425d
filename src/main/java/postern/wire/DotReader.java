package postern.wire;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Reads the message behind DATA out of a [Window] (RFC 5321 §4.5.2), piece by piece, in constant memory.
///
/// Only CR LF . CR LF ends it, whoever sends. What comes out is canonical: lines end with CR LF, the stuffed
/// dots are gone, a bare LF has become CR LF ([#bareNewlines()] counts them: the session refuses afterwards
/// when `smtpd_forbid_bare_newline = reject`), and a bare CR has become a space, as Postfix's
/// `cleanup_replace_stray_cr_lf` does.
///
/// Unaltered stretches are handed out as views of the window: the usual message is never copied here.
public final class DotReader {
    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] SPACE = {' '};

    private final Window window;
    private boolean atLineStart = true;
    private boolean crlfBefore = true;
    private boolean ended;
    private long bareNewlines;
    private long bareReturns;

    public DotReader(Window window) {
        this.window = window;
    }

    /// The next piece of the message, valid until the next call; null once the end of data has been read.
    ///
    /// @throws EOFException when the peer left before the end of data: what came so far is not a message
    public @Nullable ByteBuffer next() throws IOException {
        while (!ended) {
            if (window.available() == 0) {
                more();
            }
            if (atLineStart && window.bytes()[window.start()] == '.') {
                dot();
                continue;
            }
            ByteBuffer run = run();
            if (run != null) {
                return run;
            }
            more();
        }
        return null;
    }

    /// How many LF without a CR before them have been seen.
    public long bareNewlines() {
        return bareNewlines;
    }

    /// How many CR without an LF behind them have been seen.
    public long bareReturns() {
        return bareReturns;
    }

    private void more() throws IOException {
        if (!window.fill()) {
            throw new EOFException("lost connection after DATA");
        }
    }

    /// A dot begins the line: the end of data, or a stuffed dot to take away.
    private void dot() throws IOException {
        while (window.available() < 2 || (byteAt(1) == '\r' && window.available() < 3)) {
            more();
        }
        if (crlfBefore && byteAt(1) == '\r' && byteAt(2) == '\n') {
            window.consume(3);
            ended = true;
            return;
        }
        window.consume(1);
        atLineStart = false;
    }

    private byte byteAt(int offset) {
        return window.bytes()[window.start() + offset];
    }

    /// The longest stretch from the start of the window that needs no change; null when more input is needed
    /// to know.
    private @Nullable ByteBuffer run() {
        byte[] bytes = window.bytes();
        int from = window.start();
        int to = window.end();
        for (int i = Scan.lineEnd(bytes, from, to); i < to; i = Scan.lineEnd(bytes, i + 1, to)) {
            byte b = bytes[i];
            if (b != '\n' && b != '\r') {
                continue;
            }
            if (b == '\r') {
                if (i + 1 == to) {
                    return i == from ? null : take(bytes, from, i);
                }
                if (bytes[i + 1] == '\n') {
                    i++;
                    if (i + 1 == to || bytes[i + 1] == '.') {
                        ByteBuffer taken = take(bytes, from, i + 1);
                        lineEnded(true);
                        return taken;
                    }
                    continue;
                }
                return i == from ? bareReturn() : take(bytes, from, i);
            }
            return i == from ? bareNewline() : take(bytes, from, i);
        }
        return take(bytes, from, to);
    }

    private ByteBuffer take(byte[] bytes, int from, int to) {
        window.consume(to - from);
        atLineStart = false;
        return ByteBuffer.wrap(bytes, from, to - from);
    }

    private ByteBuffer bareNewline() {
        window.consume(1);
        bareNewlines++;
        lineEnded(false);
        return ByteBuffer.wrap(CRLF);
    }

    private ByteBuffer bareReturn() {
        window.consume(1);
        bareReturns++;
        atLineStart = false;
        return ByteBuffer.wrap(SPACE);
    }

    private void lineEnded(boolean crlf) {
        atLineStart = true;
        crlfBefore = crlf;
    }
}
