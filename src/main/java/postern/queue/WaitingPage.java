package postern.queue;

import java.util.Arrays;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;

/// Some of the messages that wait or are held, in the order of their ids, 28 bytes each: id (8), due (4), next
/// hop's hash (4), segments of MAIL and state record (2 and 2), their offsets (4 and 4); the offset of the MAIL
/// record leaves a bit for whether it is held. The array grows and shrinks in small steps, so that it is never
/// much longer than they need. Guarded by the queue's lock.
final class WaitingPage {
    static final int MOST = 1024;
    /// When no message waits.
    static final long NEVER = Long.MAX_VALUE;

    /// The first has gone: who asks looks for the next.
    private static final long UNKNOWN = -1;

    private static final int STEP = 32;
    private static final int NUMBERS = 7;
    private static final int NO_SEGMENT = 0xffff;
    private static final int HELD = 1 << 31;

    private static final int DUE = 2;
    private static final int HASH = 3;
    private static final int SEGMENTS = 4;
    private static final int MAIL = 5;
    private static final int STATE = 6;

    private int[] numbers = new int[STEP * NUMBERS];
    private int count;
    private long firstDue = NEVER;

    int count() {
        return count;
    }

    /// When the first of those that wait is due, in seconds of the epoch.
    long firstDue() {
        if (firstDue == UNKNOWN) {
            firstDue = NEVER;
            for (int place = 0; place < count; place++) {
                note(place);
            }
        }
        return firstDue;
    }

    /// The place of an id, or `-1 - place` of where it would go.
    int find(long id) {
        int low = 0;
        int high = count - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            long there = id(middle);
            if (there == id) {
                return middle;
            }
            if (there < id) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1 - low;
    }

    long id(int place) {
        return (long) number(place, 0) << 32 | number(place, 1) & 0xffff_ffffL;
    }

    boolean isHeld(int place) {
        return number(place, MAIL) < 0;
    }

    /// The place of the first that is due; only when one waits.
    int first() {
        int place = 0;
        while (isHeld(place) || due(place) != firstDue()) {
            place++;
        }
        return place;
    }

    /// A copy of what is kept of the message there.
    ///
    /// @param segments from handle to segment
    Kept kept(int place, IntFunction<Segment> segments) {
        int handles = number(place, SEGMENTS);
        Kept.Place mail = new Kept.Place(segments.apply(handles >>> 16), number(place, MAIL) & ~HELD);
        Kept kept = new Kept(new QueueId(id(place)), due(place), mail);
        if ((handles & NO_SEGMENT) != NO_SEGMENT) {
            kept.state(new Kept.Place(segments.apply(handles & NO_SEGMENT), number(place, STATE)));
        }
        kept.nextHopHash(number(place, HASH));
        kept.held(isHeld(place));
        return kept;
    }

    /// Makes room for a message; [#set] follows.
    void insert(int place) {
        if (count * NUMBERS == numbers.length) {
            numbers = Arrays.copyOf(numbers, Math.min(count + STEP, MOST) * NUMBERS);
        }
        int at = place * NUMBERS;
        System.arraycopy(numbers, at, numbers, at + NUMBERS, count * NUMBERS - at);
        count++;
        numbers[at + MAIL] = HELD;
    }

    void set(int place, Kept kept) {
        forget(place);
        Kept.Place state = kept.state();
        int at = place * NUMBERS;
        numbers[at] = (int) (kept.id().value() >>> 32);
        numbers[at + 1] = (int) kept.id().value();
        numbers[at + DUE] = (int) kept.due();
        numbers[at + HASH] = kept.nextHopHash();
        numbers[at + SEGMENTS] = kept.mail().segment().handle() << 16
                | (state == null ? NO_SEGMENT : state.segment().handle());
        numbers[at + MAIL] = kept.mail().offset() | (kept.held() ? HELD : 0);
        numbers[at + STATE] = state == null ? 0 : state.offset();
        note(place);
    }

    void remove(int place) {
        forget(place);
        int at = place * NUMBERS;
        count--;
        System.arraycopy(numbers, at + NUMBERS, numbers, at, count * NUMBERS - at);
        fit();
    }

    /// Gives up those from `place` on, for a page of their own.
    WaitingPage split(int place) {
        WaitingPage next = new WaitingPage();
        next.append(this, place);
        count = place;
        fit();
        firstDue = UNKNOWN;
        return next;
    }

    /// Takes over those of the next page.
    void append(WaitingPage next) {
        append(next, 0);
    }

    private void append(WaitingPage other, int from) {
        int more = other.count - from;
        if (numbers.length < (count + more) * NUMBERS) {
            numbers = Arrays.copyOf(numbers, Math.min(count + more + STEP, MOST) * NUMBERS);
        }
        System.arraycopy(other.numbers, from * NUMBERS, numbers, count * NUMBERS, more * NUMBERS);
        count += more;
        firstDue = UNKNOWN;
    }

    /// Makes waiting messages due now; hash 0: all of them.
    void flush(int nextHopHash, long now) {
        for (int place = 0; place < count; place++) {
            boolean wanted = nextHopHash == 0 || number(place, HASH) == nextHopHash;
            if (wanted && !isHeld(place) && due(place) > now) {
                numbers[place * NUMBERS + DUE] = (int) now;
            }
        }
        firstDue = UNKNOWN;
    }

    /// Calls back with the handle of each segment that holds a state record that counts.
    void forEachState(IntConsumer visitor) {
        for (int place = 0; place < count; place++) {
            int handle = number(place, SEGMENTS) & NO_SEGMENT;
            if (handle != NO_SEGMENT) {
                visitor.accept(handle);
            }
        }
    }

    private long due(int place) {
        return number(place, DUE) & 0xffff_ffffL;
    }

    /// The message there may be the first.
    private void note(int place) {
        if (firstDue != UNKNOWN && !isHeld(place)) {
            firstDue = Math.min(firstDue, due(place));
        }
    }

    /// The message there is no longer the first.
    private void forget(int place) {
        if (!isHeld(place) && due(place) == firstDue) {
            firstDue = UNKNOWN;
        }
    }

    private int number(int place, int which) {
        return numbers[place * NUMBERS + which];
    }

    private void fit() {
        if (numbers.length > (count + 2 * STEP) * NUMBERS) {
            numbers = Arrays.copyOf(numbers, (count + STEP) * NUMBERS);
        }
    }
}
