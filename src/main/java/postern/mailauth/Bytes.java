package postern.mailauth;

import java.util.Arrays;

/// Bytes one after the other.
final class Bytes {
    private byte[] bytes;
    private int length;

    Bytes(int expected) {
        bytes = new byte[expected];
    }

    Bytes put(int b) {
        if (length == bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * length + 16);
        }
        bytes[length++] = (byte) b;
        return this;
    }

    Bytes put(byte[] more) {
        if (length + more.length > bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * length + more.length);
        }
        System.arraycopy(more, 0, bytes, length, more.length);
        length += more.length;
        return this;
    }

    int length() {
        return length;
    }

    byte[] done() {
        return Arrays.copyOf(bytes, length);
    }
}
