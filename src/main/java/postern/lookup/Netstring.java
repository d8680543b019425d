package postern.lookup;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import postern.wire.ByteSource;

/// D. J. Bernstein's netstrings, `5:hello,`: the frame of the socketmap protocol.
final class Netstring {
    private static final int LENGTH_DIGITS = 9;

    private Netstring() {}

    static ByteBuffer encode(String text) {
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        byte[] length = (payload.length + ":").getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(length.length + payload.length + 1)
                .put(length)
                .put(payload)
                .put((byte) ',')
                .flip();
    }

    /// Reads one, and nothing behind it.
    ///
    /// @throws EOFException when the input ends before the first byte
    /// @throws IOException when it ends later, or is not a netstring of at most `longest` bytes
    static String read(ByteSource source, int longest) throws IOException {
        int length = length(source);
        if (length > longest) {
            throw new IOException("netstring of " + length + " bytes is too long");
        }
        ByteBuffer rest = ByteBuffer.allocate(length + 1);
        while (rest.hasRemaining()) {
            if (source.read(rest) < 0) {
                throw new IOException("netstring ends too early");
            }
        }
        if (rest.get(length) != ',') {
            throw new IOException("netstring does not end with a comma");
        }
        return StandardCharsets.UTF_8.decode(rest.slice(0, length)).toString();
    }

    /// Digit by digit: what follows the colon must stay for the next read.
    private static int length(ByteSource source) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        int length = 0;
        for (int digits = 0; digits <= LENGTH_DIGITS; digits++) {
            if (source.read(one.clear()) < 0) {
                throw digits == 0 ? new EOFException("connection closed") : new IOException("netstring ends too early");
            }
            byte b = one.get(0);
            if (b == ':' && digits > 0) {
                return length;
            }
            if (b < '0' || b > '9') {
                break;
            }
            length = length * 10 + b - '0';
        }
        throw new IOException("no netstring");
    }
}
