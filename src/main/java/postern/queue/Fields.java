package postern.queue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

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
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);

        Writer number(int tag, long value) {
            Writer inner = new Writer();
            inner.putNumber(value);
            return fields(tag, inner);
        }

        /// Nothing when the text is empty.
        Writer text(int tag, String text) {
            return text.isEmpty() ? this : bytes(tag, text.getBytes(StandardCharsets.UTF_8));
        }

        /// Fields within a field.
        Writer fields(int tag, Writer inner) {
            putNumber(tag);
            putNumber(inner.bytes.size());
            bytes.writeBytes(inner.bytes.toByteArray());
            return this;
        }

        Writer bytes(int tag, byte[] value) {
            putNumber(tag);
            putNumber(value.length);
            bytes.writeBytes(value);
            return this;
        }

        ByteBuffer done() {
            return ByteBuffer.wrap(bytes.toByteArray());
        }

        private void putNumber(long value) {
            long rest = value;
            while ((rest & ~0x7fL) != 0) {
                bytes.write((int) (rest & 0x7f | 0x80));
                rest >>>= 7;
            }
            bytes.write((int) rest);
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
