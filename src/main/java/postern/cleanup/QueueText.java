package postern.cleanup;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import postern.smtp.Answer;
import postern.smtp.Reply;
import postern.wire.Scan;

/// The text of one message on its way to its outlet: gathered in a lent buffer, handed on in large pieces.
final class QueueText {
    private final Outlet outlet;
    private final Buffers buffers;
    private final CleanupLog log;
    private @Nullable ByteBuffer buffer;
    private long size;
    private boolean eightBit;
    private boolean utf8Header;
    private boolean inBody;

    QueueText(Outlet outlet, Buffers buffers, CleanupLog log) {
        this.outlet = outlet;
        this.buffers = buffers;
        this.log = log;
    }

    /// Whether the message is kept here for a while.
    boolean isKept() {
        return outlet.keeps();
    }

    long size() {
        return size;
    }

    /// Whether it holds bytes outside ASCII.
    boolean isEightBit() {
        return eightBit;
    }

    /// Whether its header does.
    boolean hasUtf8Header() {
        return utf8Header;
    }

    void headerEnded() {
        inBody = true;
    }

    void put(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        put(bytes, 0, bytes.length);
    }

    void put(byte[] bytes, int from, int to) {
        size += to - from;
        if (!(eightBit && inBody) && !Scan.isAscii(bytes, from, to)) {
            eightBit = true;
            utf8Header |= !inBody;
        }
        ByteBuffer out = buffer();
        int at = from;
        while (at < to) {
            if (!out.hasRemaining()) {
                flush();
            }
            int count = Math.min(out.remaining(), to - at);
            out.put(bytes, at, count);
            at += count;
        }
    }

    private ByteBuffer buffer() {
        if (buffer == null) {
            buffer = buffers.borrow();
        }
        return buffer;
    }

    private void flush() {
        if (buffer != null && buffer.position() > 0) {
            try {
                outlet.write(buffer.flip());
            } catch (Reply.Refused refused) {
                log.notWritten(refused.reply());
                throw refused;
            }
            buffer.clear();
        }
    }

    /// All has been put. Returns what the outlet says to it.
    ///
    /// @throws Reply.Refused when it cannot take it
    Answer commit(Outlet.Complete message) {
        flush();
        giveBack();
        try {
            return outlet.commit(message);
        } catch (Reply.Refused refused) {
            log.notWritten(refused.reply());
            throw refused;
        }
    }

    void giveBack() {
        if (buffer != null) {
            buffers.giveBack(buffer);
            buffer = null;
        }
    }
}
