package postern.queue;

/// A set of numbers that are as good as random: 11 to 22 bytes each. Not safe for use from many threads.
final class IdSet {
    private static final int FIRST = 64;

    /// 0 is an empty place; the number 0 has a flag of its own.
    private long[] places = new long[FIRST];
    private boolean zero;
    private int size;

    int size() {
        return size;
    }

    boolean has(long id) {
        return id == 0 ? zero : places[place(id)] == id;
    }

    void add(long id) {
        if (has(id)) {
            return;
        }
        size++;
        if (id == 0) {
            zero = true;
            return;
        }
        if (size > places.length / 4 * 3) {
            grow();
        }
        places[place(id)] = id;
    }

    private void grow() {
        long[] before = places;
        places = new long[before.length * 2];
        for (long id : before) {
            if (id != 0) {
                places[place(id)] = id;
            }
        }
    }

    /// Where an id lies, or would.
    private int place(long id) {
        int mask = places.length - 1;
        int at = (int) (id ^ id >>> 32) & mask;
        while (places[at] != 0 && places[at] != id) {
            at = at + 1 & mask;
        }
        return at;
    }
}
