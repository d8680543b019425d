package postern.admin;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import postern.wire.ByteSource;

/// One message on the control socket: a letter for its kind, the length in digits, a line feed, so many bytes.
///
/// The program sends the command's name and its arguments as frames of kind [#ARGUMENT], then [#GO]. The
/// server answers with any number of [#OUT] and [#ERROR], then [#EXIT].
///
/// @param content a view of the reader's buffer, valid until the next is read
record Frame(char kind, ByteBuffer content) {
    static final char ARGUMENT = 'A';
    static final char GO = 'G';
    static final char OUT = 'O';
    static final char ERROR = 'E';
    static final char EXIT = 'X';

    /// Most bytes that a frame may hold.
    static final int LONGEST = 32 * 1024;

    private static final int LONGEST_HEAD = 7;

    String text() {
        return StandardCharsets.UTF_8.decode(content.duplicate()).toString();
    }

    /// The bytes of a frame.
    static ByteBuffer bytes(char kind, ByteBuffer content) {
        byte[] head = (kind + Integer.toString(content.remaining()) + "\n").getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(head.length + content.remaining())
                .put(head)
                .put(content)
                .flip();
    }

    /// Reads frames from a peer that may send anything.
    static final class Reader {
        private final ByteSource source;
        private final ByteBuffer window =
                ByteBuffer.allocate(LONGEST + LONGEST_HEAD).flip();

        Reader(ByteSource source) {
            this.source = source;
        }

        /// The next frame; null at the end of input.
        ///
        /// @throws IOException when it is none, is cut off, or longer than [Frame#LONGEST]
        @Nullable
        Frame read() throws IOException {
            if (!window.hasRemaining() && !fill()) {
                return null;
            }
            char kind = (char) (next() & 0xff);
            int length = length();
            while (window.remaining() < length) {
                more();
            }
            ByteBuffer content = window.slice(window.position(), length);
            window.position(window.position() + length);
            return new Frame(kind, content);
        }

        private int length() throws IOException {
            int length = 0;
            for (byte b = next(); b != '\n'; b = next()) {
                length = length * 10 + b - '0';
                if (b < '0' || b > '9' || length > LONGEST) {
                    throw new IOException("not a frame of the control socket");
                }
            }
            return length;
        }

        private byte next() throws IOException {
            if (!window.hasRemaining()) {
                more();
            }
            return window.get();
        }

        private void more() throws IOException {
            if (!fill()) {
                throw new EOFException("the control socket was closed in mid-sentence");
            }
        }

        private boolean fill() throws IOException {
            window.compact();
            int count = source.read(window);
            window.flip();
            return count > 0;
        }
    }
}
