package postern.queue;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// The rows of one segment, in the order of its records.
final class Rows {
    private static final int NUMBERS = Row.BYTES / Long.BYTES;

    private long[] numbers;
    private int count;

    Rows() {
        this.numbers = new long[64 * NUMBERS];
    }

    /// The payload of a FOOTER record.
    Rows(ByteBuffer payload) {
        this.count = payload.remaining() / Row.BYTES;
        this.numbers = new long[count * NUMBERS];
        payload.asLongBuffer().get(numbers);
    }

    int size() {
        return count;
    }

    /// Bytes as payload.
    int bytes() {
        return count * Row.BYTES;
    }

    void add(Row row) {
        if ((count + 1) * NUMBERS > numbers.length) {
            numbers = Arrays.copyOf(numbers, numbers.length * 2);
        }
        row.put(numbers, count * NUMBERS);
        count++;
    }

    /// Drops the rows of records that begin at `offset` or behind it.
    void cut(int offset) {
        while (count > 0 && get(count - 1).offset() >= offset) {
            count--;
        }
    }

    Row get(int place) {
        return Row.get(numbers, place * NUMBERS);
    }

    ByteBuffer payload() {
        ByteBuffer payload = ByteBuffer.allocate(bytes());
        payload.asLongBuffer().put(numbers, 0, count * NUMBERS);
        return payload;
    }
}
