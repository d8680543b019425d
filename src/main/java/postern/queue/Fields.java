package postern.queue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Tagged fields: tag, length, bytes; each number in groups of seven bits, lowest first. What a reader does
/// not know it passes over, so that fields may be added without a new major version.
final class Fields {
    private Fields() {}

    static void putNumber(ByteBuffer into, long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            into.put((byte) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        into.put((byte) rest);
    }

    static long number(ByteBuffer from) throws DamagedException {
        long value = 0;
        for (int shift = 0; shift < 64 && from.hasRemaining(); shift += 7) {
            byte next = from.get();
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new DamagedException("a number without end");
    }

    /// Collects fields.
    static final class Writer {
        private byte[] bytes;
        private int length;

        Writer(int expected) {
            bytes = new byte[expected];
        }

        Writer number(int tag, long value) {
            putNumber(tag);
            putNumber(digits(value));
            putNumber(value);
            return this;
        }

        /// Nothing when the text is empty.
        Writer text(int tag, String text) {
            return text.isEmpty() ? this : bytes(tag, text.getBytes(StandardCharsets.UTF_8));
        }

        Writer bytes(int tag, byte[] value) {
            putNumber(tag);
            putNumber(value.length);
            grow(value.length);
            System.arraycopy(value, 0, bytes, length, value.length);
            length += value.length;
            return this;
        }

        /// Begins a field that holds fields; give what is returned to [#close].
        int open(int tag) {
            putNumber(tag);
            return length;
        }

        /// Ends the field: all that came since is in it.
        void close(int opened) {
            int size = length - opened;
            int digits = digits(size);
            grow(digits);
            System.arraycopy(bytes, opened, bytes, opened + digits, size);
            length = opened;
            putNumber(size);
            length += size;
        }

        ByteBuffer done() {
            return ByteBuffer.wrap(bytes, 0, length);
        }

        private void putNumber(long value) {
            grow(Long.BYTES + 2);
            long rest = value;
            while ((rest & ~0x7fL) != 0) {
                bytes[length++] = (byte) (rest & 0x7f | 0x80);
                rest >>>= 7;
            }
            bytes[length++] = (byte) rest;
        }

        private static int digits(long value) {
            return Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(value) + 6) / 7);
        }

        private void grow(int more) {
            if (bytes.length - length < more) {
                bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
            }
        }
    }

    /// Goes through fields.
    static final class Reader {
        private final ByteBuffer from;
        private int tag;
        private ByteBuffer value = ByteBuffer.allocate(0);

        Reader(ByteBuffer from) {
            this.from = from;
        }

        /// Moves to the next field; false when there is none.
        boolean next() throws DamagedException {
            if (!from.hasRemaining()) {
                return false;
            }
            tag = (int) Fields.number(from);
            long length = Fields.number(from);
            if (length < 0 || length > from.remaining()) {
                throw new DamagedException("a field of " + length + " bytes where " + from.remaining() + " are left");
            }
            value = from.slice(from.position(), (int) length);
            from.position(from.position() + (int) length);
            return true;
        }

        int tag() {
            return tag;
        }

        long number() throws DamagedException {
            return Fields.number(value);
        }

        String text() {
            return StandardCharsets.UTF_8.decode(value).toString();
        }

        byte[] bytes() {
            byte[] bytes = new byte[value.remaining()];
            value.get(bytes);
            return bytes;
        }

        Reader fields() {
            return new Reader(value);
        }
    }
}
