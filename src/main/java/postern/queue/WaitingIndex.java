package postern.queue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// The messages that wait or are held, 32 bytes each in pages of primitives, without gaps: id (8), due (4),
/// next hop's hash (4), segments of MAIL and state record (2 and 2), their offsets (4 and 4), place in the
/// heap that orders by due (4). With the heap and the table of ids a message takes about 42 bytes. Guarded by
/// the queue's lock.
final class WaitingIndex {
    private static final int BITS = 10;
    private static final int PAGE = 1 << BITS;
    private static final int NUMBERS = 4;
    private static final int NO_SEGMENT = 0xffff;
    private static final int NOT_DUE = -1;

    private final List<long[]> pages = new ArrayList<>();
    private final IntPages heap = new IntPages();
    private final IdTable table = new IdTable(slot -> number(slot, 0));
    private final IntFunction<Segment> segments;
    private int size;

    /// @param segments from handle to segment
    WaitingIndex(IntFunction<Segment> segments) {
        this.segments = segments;
    }

    /// Messages that wait.
    int waiting() {
        return heap.size();
    }

    int held() {
        return size - heap.size();
    }

    boolean contains(QueueId id) {
        return table.find(id.value()) >= 0;
    }

    /// A copy of what is kept of a message.
    @Nullable
    Kept get(QueueId id) {
        int slot = table.find(id.value());
        return slot < 0 ? null : kept(slot);
    }

    /// Puts a message in, or in its place.
    void put(Kept kept) {
        long id = kept.id().value();
        int slot = table.find(id);
        if (slot < 0) {
            slot = size;
            if (slot >> BITS == pages.size()) {
                pages.add(new long[PAGE * NUMBERS]);
            }
            size++;
            number(slot, 0, id);
            number(slot, 3, NOT_DUE & 0xffff_ffffL);
            table.add(id, slot);
        }
        Kept.Place state = kept.state();
        int stateHandle = state == null ? NO_SEGMENT : state.segment().handle();
        number(slot, 1, kept.due() << 32 | kept.nextHopHash() & 0xffff_ffffL);
        number(
                slot,
                2,
                (long) kept.mail().segment().handle() << 48
                        | (long) stateHandle << 32
                        | kept.mail().offset());
        number(slot, 3, (state == null ? 0L : (long) state.offset() << 32) | heapPlace(slot) & 0xffff_ffffL);
        order(slot, !kept.held());
    }

    /// Takes a message out.
    void remove(QueueId id) {
        int slot = table.find(id.value());
        if (slot < 0) {
            return;
        }
        order(slot, false);
        table.remove(id.value());
        int last = size - 1;
        if (slot != last) {
            for (int i = 0; i < NUMBERS; i++) {
                number(slot, i, number(last, i));
            }
            table.move(number(slot, 0), slot);
            if (heapPlace(slot) != NOT_DUE) {
                heap.set(heapPlace(slot), slot);
            }
        }
        size--;
        if (size >> BITS < pages.size() - 1) {
            pages.removeLast();
        }
    }

    /// Takes out the message that is longest overdue; null when none is due.
    @Nullable
    Kept poll(long now) {
        if (heap.size() == 0 || due(heap.get(0)) > now) {
            return null;
        }
        Kept kept = kept(heap.get(0));
        remove(kept.id());
        return kept;
    }

    /// When the first waiting message is due, in seconds of the epoch; -1 when none waits.
    long nextDue() {
        return heap.size() == 0 ? -1 : due(heap.get(0));
    }

    /// Makes waiting messages due now; hash 0: all of them.
    void flush(int nextHopHash, long now) {
        for (int place = 0; place < heap.size(); place++) {
            int slot = heap.get(place);
            int hash = (int) number(slot, 1);
            if ((nextHopHash == 0 || hash == nextHopHash) && due(slot) > now) {
                number(slot, 1, now << 32 | hash & 0xffff_ffffL);
            }
        }
        for (int place = heap.size() / 2 - 1; place >= 0; place--) {
            sink(place);
        }
    }

    /// The ids of all messages.
    long[] ids() {
        long[] ids = new long[size];
        for (int slot = 0; slot < size; slot++) {
            ids[slot] = number(slot, 0);
        }
        return ids;
    }

    /// Calls back with each message that has a state record: for counting at start.
    void forEachState(Consumer<Segment> visitor) {
        for (int slot = 0; slot < size; slot++) {
            int handle = (int) (number(slot, 2) >>> 32) & NO_SEGMENT;
            if (handle != NO_SEGMENT) {
                visitor.accept(segments.apply(handle));
            }
        }
    }

    private Kept kept(int slot) {
        long places = number(slot, 2);
        Kept.Place mail = new Kept.Place(segments.apply((int) (places >>> 48)), (int) places);
        Kept kept = new Kept(new QueueId(number(slot, 0)), due(slot), mail);
        int stateHandle = (int) (places >>> 32) & NO_SEGMENT;
        if (stateHandle != NO_SEGMENT) {
            kept.state(new Kept.Place(segments.apply(stateHandle), (int) (number(slot, 3) >>> 32)));
        }
        kept.nextHopHash((int) number(slot, 1));
        kept.held(heapPlace(slot) == NOT_DUE);
        return kept;
    }

    private long number(int slot, int which) {
        return pages.get(slot >> BITS)[(slot & PAGE - 1) * NUMBERS + which];
    }

    private void number(int slot, int which, long value) {
        pages.get(slot >> BITS)[(slot & PAGE - 1) * NUMBERS + which] = value;
    }

    private long due(int slot) {
        return number(slot, 1) >>> 32;
    }

    private int heapPlace(int slot) {
        return (int) number(slot, 3);
    }

    /// Puts a slot where it belongs in the heap, or takes it out.
    private void order(int slot, boolean waits) {
        int place = heapPlace(slot);
        if (waits) {
            if (place == NOT_DUE) {
                place = heap.size();
                heap.add(slot);
                settle(place, slot);
            }
            rise(place);
            sink(heapPlace(slot));
        } else if (place != NOT_DUE) {
            int last = heap.get(heap.size() - 1);
            heap.removeLast();
            number(slot, 3, number(slot, 3) | NOT_DUE & 0xffff_ffffL);
            if (last != slot) {
                settle(place, last);
                rise(place);
                sink(heapPlace(last));
            }
        }
    }

    private void rise(int from) {
        int place = from;
        int slot = heap.get(place);
        while (place > 0 && due(heap.get((place - 1) / 2)) > due(slot)) {
            settle(place, heap.get((place - 1) / 2));
            place = (place - 1) / 2;
        }
        settle(place, slot);
    }

    private void sink(int from) {
        int place = from;
        int slot = heap.get(place);
        while (true) {
            int child = place * 2 + 1;
            if (child + 1 < heap.size() && due(heap.get(child + 1)) < due(heap.get(child))) {
                child++;
            }
            if (child >= heap.size() || due(heap.get(child)) >= due(slot)) {
                break;
            }
            settle(place, heap.get(child));
            place = child;
        }
        settle(place, slot);
    }

    private void settle(int place, int slot) {
        heap.set(place, slot);
        number(slot, 3, number(slot, 3) & ~0xffff_ffffL | place);
    }
}
