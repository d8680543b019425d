package postern.queue;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// The ledger's entries in memory, in the order they came: 28 bytes each, and 4 for its bucket. Not safe for
/// use from many threads.
final class Copies implements Book.Entries<Copies> {
    /// Bytes of an entry in a file: who, what and when (8 each), CRC-32C of these (4).
    static final int RECORD = 28;

    private static final int FIRST = 64;

    private long[] who = new long[FIRST];
    private long[] what = new long[FIRST];
    private long[] when = new long[FIRST];
    private int[] next = new int[FIRST];
    private int[] buckets = new int[FIRST];
    private int size;

    Copies() {
        Arrays.fill(buckets, -1);
    }

    @Override
    public int size() {
        return size;
    }

    /// @param time seconds since 1970
    void add(Ledger.Copy copy, long time) {
        if (size == who.length) {
            grow();
        }
        who[size] = copy.who();
        what[size] = copy.what();
        when[size] = time;
        link(size);
        size++;
    }

    private void grow() {
        int length = size * 2;
        who = Arrays.copyOf(who, length);
        what = Arrays.copyOf(what, length);
        when = Arrays.copyOf(when, length);
        next = new int[length];
        buckets = new int[length];
        Arrays.fill(buckets, -1);
        for (int i = 0; i < size; i++) {
            link(i);
        }
    }

    private void link(int i) {
        int bucket = bucket(who[i]);
        next[i] = buckets[bucket];
        buckets[bucket] = i;
    }

    /// Hashes are random bits already, and there is a power of two of buckets.
    private int bucket(long of) {
        return (int) of & (buckets.length - 1);
    }

    /// Whether an entry is there that is no older.
    boolean has(Ledger.Copy copy, long oldest) {
        for (int i = buckets[bucket(copy.who())]; i >= 0; i = next[i]) {
            if (who[i] == copy.who() && what[i] == copy.what() && when[i] >= oldest) {
                return true;
            }
        }
        return false;
    }

    /// See [Ledger#group(long)].
    long group(long of, long oldest) {
        long group = 0;
        for (int i = buckets[bucket(of)]; i >= 0; i = next[i]) {
            if (who[i] == of && when[i] >= oldest) {
                group ^= what[i];
            }
        }
        return group;
    }

    @Override
    public int useless(long oldest) {
        int count = 0;
        for (int i = 0; i < size; i++) {
            count += when[i] < oldest ? 1 : 0;
        }
        return count;
    }

    @Override
    public Copies since(long oldest, int most) {
        Copies kept = new Copies();
        int tooMany = size - useless(oldest) - most;
        for (int i = 0; i < size; i++) {
            if (when[i] >= oldest && tooMany-- <= 0) {
                kept.add(new Ledger.Copy(who[i], what[i]), when[i]);
            }
        }
        return kept;
    }

    @Override
    public ByteBuffer records(int from) {
        ByteBuffer into = ByteBuffer.allocate((size - from) * RECORD);
        for (int i = from; i < size; i++) {
            into.putLong(who[i]).putLong(what[i]).putLong(when[i]);
            into.putInt(LedgerFile.sum(into, into.position() - RECORD + Integer.BYTES, RECORD - Integer.BYTES));
        }
        return into.flip();
    }

    /// Takes an entry as it stands in a record.
    void read(ByteBuffer record) {
        add(new Ledger.Copy(record.getLong(), record.getLong()), record.getLong());
    }
}
