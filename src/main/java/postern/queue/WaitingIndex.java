package postern.queue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// The messages that wait or are held, in pages ordered by id: a message is found by two binary searches, without
/// a table of ids. A message's id is nearly always higher than those before, so pages fill from the left. Which
/// is due next is found by each page's first time, without a heap. With everything a message takes less than 32
/// bytes. Guarded by the queue's lock.
final class WaitingIndex {
    /// Two pages become one when so few messages are left in them: the next one does not split it again.
    private static final int FEW = WaitingPage.MOST / 8 * 7;

    private final List<WaitingPage> pages = new ArrayList<>();
    private final IntFunction<Segment> segments;
    private int size;
    private int held;

    /// @param segments from handle to segment
    WaitingIndex(IntFunction<Segment> segments) {
        this.segments = segments;
    }

    /// Messages that wait.
    int waiting() {
        return size - held;
    }

    int held() {
        return held;
    }

    /// A copy of what is kept of a message.
    @Nullable
    Kept get(QueueId id) {
        if (pages.isEmpty()) {
            return null;
        }
        WaitingPage page = pages.get(pageOf(id.value()));
        int place = page.find(id.value());
        return place < 0 ? null : page.kept(place, segments);
    }

    /// Puts a message in, or in its place.
    void put(Kept kept) {
        if (pages.isEmpty()) {
            pages.add(new WaitingPage());
        }
        long id = kept.id().value();
        int at = pageOf(id);
        int place = pages.get(at).find(id);
        if (place < 0) {
            at = withRoom(at, -1 - place);
            place = -1 - pages.get(at).find(id);
            pages.get(at).insert(place);
            size++;
        } else if (pages.get(at).isHeld(place)) {
            held--;
        }
        pages.get(at).set(place, kept);
        held += kept.held() ? 1 : 0;
    }

    /// The page for a message that belongs at this place of a page that may be full.
    private int withRoom(int at, int place) {
        WaitingPage page = pages.get(at);
        if (page.count() < WaitingPage.MOST) {
            return at;
        }
        boolean behind = place == WaitingPage.MOST;
        int from = behind ? WaitingPage.MOST : WaitingPage.MOST / 2;
        pages.add(at + 1, page.split(from));
        return behind || place > from ? at + 1 : at;
    }

    /// Takes a message out.
    void remove(QueueId id) {
        if (pages.isEmpty()) {
            return;
        }
        int at = pageOf(id.value());
        int place = pages.get(at).find(id.value());
        if (place >= 0) {
            remove(at, place);
        }
    }

    private void remove(int at, int place) {
        WaitingPage page = pages.get(at);
        size--;
        held -= page.isHeld(place) ? 1 : 0;
        page.remove(place);
        if (page.count() == 0) {
            pages.remove(at);
        } else if (!join(at)) {
            join(at - 1);
        }
    }

    /// Makes one of a page and the next, if they are there and few are left in them.
    private boolean join(int at) {
        boolean joins = at >= 0
                && at + 1 < pages.size()
                && pages.get(at).count() + pages.get(at + 1).count() <= FEW;
        if (joins) {
            pages.get(at).append(pages.remove(at + 1));
        }
        return joins;
    }

    /// Takes out the message that is longest overdue; null when none is due.
    @Nullable
    Kept poll(long now) {
        int at = earliest();
        if (at < 0 || pages.get(at).firstDue() > now) {
            return null;
        }
        WaitingPage page = pages.get(at);
        int place = page.first();
        Kept kept = page.kept(place, segments);
        remove(at, place);
        return kept;
    }

    /// When the first waiting message is due, in seconds of the epoch; -1 when none waits.
    long nextDue() {
        int at = earliest();
        return at < 0 ? -1 : pages.get(at).firstDue();
    }

    /// The page with the message that is due first; -1 when none waits.
    private int earliest() {
        int earliest = -1;
        long first = WaitingPage.NEVER;
        for (int at = 0; at < pages.size(); at++) {
            long due = pages.get(at).firstDue();
            if (due < first) {
                first = due;
                earliest = at;
            }
        }
        return earliest;
    }

    /// Makes waiting messages due now; hash 0: all of them.
    void flush(int nextHopHash, long now) {
        pages.forEach(page -> page.flush(nextHopHash, now));
    }

    /// The ids of all messages, in their order.
    long[] ids() {
        long[] ids = new long[size];
        int next = 0;
        for (WaitingPage page : pages) {
            for (int place = 0; place < page.count(); place++) {
                ids[next++] = page.id(place);
            }
        }
        return ids;
    }

    /// Calls back with the segment of each state record that counts: for counting at start.
    void forEachState(Consumer<Segment> visitor) {
        pages.forEach(page -> page.forEachState(handle -> visitor.accept(segments.apply(handle))));
    }

    /// The only page that may hold this id.
    private int pageOf(long id) {
        int low = 0;
        int high = pages.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (pages.get(middle).id(0) <= id) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }
}
