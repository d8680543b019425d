package postern.lookup;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Strings by strings, held as UTF-8 in one array: some ten bytes more than the text itself for each entry.
/// Immutable once built.
final class CompactMap {
    private final byte[] entries;
    private final int[] slots;
    private final int size;

    private CompactMap(byte[] entries, int[] slots, int size) {
        this.entries = entries;
        this.slots = slots;
        this.size = size;
    }

    @Nullable
    String get(String key) {
        byte[] wanted = key.getBytes(StandardCharsets.UTF_8);
        int at = find(entries, slots, wanted);
        return at < 0 ? null : text(entries, at + span(entries, at));
    }

    int size() {
        return size;
    }

    Stream<String> values() {
        return Arrays.stream(slots)
                .filter(slot -> slot != 0)
                .mapToObj(slot -> text(entries, slot - 1 + span(entries, slot - 1)));
    }

    /// What it takes of memory, about.
    long bytes() {
        return entries.length + 4L * slots.length;
    }

    /// Collects entries; the first of a key stays.
    static final class Builder {
        private byte[] entries = new byte[256];
        private int end;
        private int[] slots = new int[32];
        private int size;

        /// Returns false when the key is there already: then nothing changes.
        boolean put(String key, String value) {
            byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
            if (find(entries, slots, keyBytes) >= 0) {
                return false;
            }
            byte[] valueBytes = value.getBytes(StandardCharsets.UTF_8);
            int at = end;
            append(keyBytes);
            append(valueBytes);
            size++;
            if (2 * size > slots.length) {
                grow();
            } else {
                slots[freeSlot(slots, keyBytes)] = at + 1;
            }
            return true;
        }

        CompactMap build() {
            return new CompactMap(Arrays.copyOf(entries, end), slots, size);
        }

        private void append(byte[] text) {
            int needed = end + 5 + text.length;
            if (needed > entries.length) {
                entries = Arrays.copyOf(entries, Math.max(needed, entries.length + (entries.length >> 1)));
            }
            int length = text.length;
            while (length > 127) {
                entries[end++] = (byte) (length | 128);
                length >>>= 7;
            }
            entries[end++] = (byte) length;
            System.arraycopy(text, 0, entries, end, text.length);
            end += text.length;
        }

        private void grow() {
            int[] wider = new int[2 * slots.length];
            for (int at = 0; at < end; ) {
                int valueAt = at + span(entries, at);
                int start = textStart(entries, at);
                wider[freeSlot(wider, Arrays.copyOfRange(entries, start, valueAt))] = at + 1;
                at = valueAt + span(entries, valueAt);
            }
            slots = wider;
        }
    }

    private static int find(byte[] entries, int[] slots, byte[] key) {
        int mask = slots.length - 1;
        for (int slot = hash(key) & mask; slots[slot] != 0; slot = slot + 1 & mask) {
            int at = slots[slot] - 1;
            int start = textStart(entries, at);
            if (Arrays.equals(entries, start, at + span(entries, at), key, 0, key.length)) {
                return at;
            }
        }
        return -1;
    }

    private static int freeSlot(int[] slots, byte[] key) {
        int mask = slots.length - 1;
        int slot = hash(key) & mask;
        while (slots[slot] != 0) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private static int hash(byte[] key) {
        int hash = Arrays.hashCode(key) * 0x9E3779B9;
        return hash ^ hash >>> 15;
    }

    private static int length(byte[] entries, int at) {
        int length = 0;
        int shift = 0;
        int i = at;
        while (entries[i] < 0) {
            length |= (entries[i++] & 127) << shift;
            shift += 7;
        }
        return length | entries[i] << shift;
    }

    private static int textStart(byte[] entries, int at) {
        int i = at;
        while (entries[i] < 0) {
            i++;
        }
        return i + 1;
    }

    /// How many bytes the text at `at` takes, with its length in front.
    private static int span(byte[] entries, int at) {
        return textStart(entries, at) - at + length(entries, at);
    }

    private static String text(byte[] entries, int at) {
        return new String(entries, textStart(entries, at), length(entries, at), StandardCharsets.UTF_8);
    }
}
