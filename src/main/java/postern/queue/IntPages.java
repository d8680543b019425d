package postern.queue;

import java.util.ArrayList;
import java.util.List;

/// A list of ints that grows and shrinks by pages: nothing is copied when it grows.
final class IntPages {
    private static final int BITS = 13;
    private static final int PAGE = 1 << BITS;

    private final List<int[]> pages = new ArrayList<>();
    private int size;

    int size() {
        return size;
    }

    int get(int place) {
        return pages.get(place >> BITS)[place & PAGE - 1];
    }

    void set(int place, int value) {
        pages.get(place >> BITS)[place & PAGE - 1] = value;
    }

    void add(int value) {
        if (size >> BITS == pages.size()) {
            pages.add(new int[PAGE]);
        }
        size++;
        set(size - 1, value);
    }

    void removeLast() {
        size--;
        if (size >> BITS < pages.size() - 1) {
            pages.removeLast();
        }
    }
}
