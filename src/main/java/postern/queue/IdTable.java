package postern.queue;

import java.util.Arrays;
import java.util.function.IntToLongFunction;

/// From a queue id to the place of its record: open addressing over one array of ints. The ids themselves are
/// asked of the records.
final class IdTable {
    private static final int LEAST = 64;
    private static final int NONE = -1;

    private final IntToLongFunction idAt;
    private int[] places = empty(LEAST);
    private int size;

    /// @param idAt the id of the record at a place
    IdTable(IntToLongFunction idAt) {
        this.idAt = idAt;
    }

    /// The place of an id, or -1.
    int find(long id) {
        return places[cell(id)];
    }

    /// The id must not be there yet.
    void add(long id, int place) {
        size++;
        if (size > places.length / 5 * 4) {
            resize(places.length + places.length / 4);
        }
        places[cell(id)] = place;
    }

    /// The record of this id lies elsewhere now. Call it while the record is at both places.
    void move(long id, int place) {
        places[cell(id)] = place;
    }

    /// Call it while the record is still there.
    void remove(long id) {
        int hole = cell(id);
        int next = hole;
        while (true) {
            next = next + 1 == places.length ? 0 : next + 1;
            int place = places[next];
            if (place == NONE) {
                break;
            }
            int home = home(idAt.applyAsLong(place));
            boolean reachesHole = hole <= next ? home <= hole || home > next : home <= hole && home > next;
            if (reachesHole) {
                places[hole] = place;
                hole = next;
            }
        }
        places[hole] = NONE;
        size--;
        if (places.length > LEAST && size < places.length / 4) {
            resize(Math.max(LEAST, places.length / 2));
        }
    }

    private void resize(int length) {
        int[] old = places;
        places = empty(length);
        for (int place : old) {
            if (place != NONE) {
                places[cell(idAt.applyAsLong(place))] = place;
            }
        }
    }

    /// The cell that holds the id, or the empty one where it would go.
    private int cell(long id) {
        int cell = home(id);
        while (places[cell] != NONE && idAt.applyAsLong(places[cell]) != id) {
            cell = cell + 1 == places.length ? 0 : cell + 1;
        }
        return cell;
    }

    private int home(long id) {
        return (int) Math.unsignedMultiplyHigh(id * 0x9E3779B97F4A7C15L, places.length);
    }

    private static int[] empty(int length) {
        int[] places = new int[length];
        Arrays.fill(places, NONE);
        return places;
    }
}
