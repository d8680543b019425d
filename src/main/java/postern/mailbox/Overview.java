package postern.mailbox;

import java.util.Arrays;
import java.util.TreeMap;

/// The messages of a mailbox at one moment, by UID, in columns: 12 bytes each, and what was imported with a name
/// for POP3. Messages are counted from 0.
public final class Overview {
    private static final int FIRST_ROOM = 64;
    private static final String NONE = "";

    private final int[] uids;
    private final long[] sizes;
    private final TreeMap<Integer, String> popIds;

    private Overview(Builder from) {
        this.uids = Arrays.copyOf(from.uids, from.count);
        this.sizes = Arrays.copyOf(from.sizes, from.count);
        this.popIds = from.popIds;
    }

    /// Collects messages in the order of their UIDs.
    public static final class Builder {
        private int[] uids;
        private long[] sizes;
        private final TreeMap<Integer, String> popIds = new TreeMap<>();
        private int count;

        /// @param expected how many messages there will be, about
        public Builder(long expected) {
            int room = (int) Math.clamp(expected, FIRST_ROOM, 1L << 28);
            this.uids = new int[room];
            this.sizes = new long[room];
        }

        /// @param popId see [MessageRef]
        public void add(long uid, long size, String popId) {
            if (count == uids.length) {
                int room = count + count / 2;
                uids = Arrays.copyOf(uids, room);
                sizes = Arrays.copyOf(sizes, room);
            }
            uids[count] = (int) uid;
            sizes[count] = size;
            if (!popId.isEmpty()) {
                popIds.put(count, popId);
            }
            count++;
        }

        public Overview done() {
            return new Overview(this);
        }
    }

    public int count() {
        return uids.length;
    }

    public Uid uid(int index) {
        return new Uid(Integer.toUnsignedLong(uids[index]));
    }

    /// Bytes of the whole message.
    public long size(int index) {
        return sizes[index];
    }

    /// What POP3 calls it when that does not follow from its UID; else empty.
    public String popId(int index) {
        return popIds.getOrDefault(index, NONE);
    }
}
