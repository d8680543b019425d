package postern.queue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which messages there are, which segments hold them, and how much of each segment is still wanted. Guarded
/// by the queue's lock; does no I/O.
final class Catalog {
    private final Segments segments = new Segments();
    private final WaitingIndex waiting = new WaitingIndex(segments::at);
    private final Map<QueueId, Kept> active = new HashMap<>();
    /// Segments that hold the MAIL record of a message that was copied forward while they stayed: few,
    /// because that happens to messages whose text began in another segment.
    private final Map<QueueId, Set<Segment>> copies = new HashMap<>();

    Segments segments() {
        return segments;
    }

    WaitingIndex waiting() {
        return waiting;
    }

    Queue.Counts counts() {
        return new Queue.Counts(waiting.waiting(), active.size(), waiting.held());
    }

    /// What is kept of a message: the object itself when it is active, else a copy. Null when it is gone.
    @Nullable
    Kept find(QueueId id) {
        Kept kept = active.get(id);
        return kept == null ? waiting.get(id) : kept;
    }

    boolean isActive(QueueId id) {
        return active.containsKey(id);
    }

    /// The ids of all messages.
    long[] ids() {
        long[] waits = waiting.ids();
        long[] ids = Arrays.copyOf(waits, waits.length + active.size());
        int next = waits.length;
        for (QueueId id : active.keySet()) {
            ids[next++] = id.value();
        }
        return ids;
    }

    /// A message was forced; it is active.
    void committed(Kept kept, Kept.Facts facts) {
        kept.facts(facts);
        active.put(kept.id(), kept);
        count(kept, facts.shares());
    }

    /// Takes what is due.
    List<QueueId> due(long now, int most) {
        List<QueueId> due = new ArrayList<>();
        while (due.size() < most) {
            Kept kept = waiting.poll(now);
            if (kept == null) {
                break;
            }
            active.put(kept.id(), kept);
            due.add(kept.id());
        }
        return due;
    }

    /// An active message waits or is held from now on; another one is put where it belongs.
    void rest(Kept kept) {
        active.remove(kept.id());
        kept.facts(null);
        waiting.put(kept);
    }

    /// A state record of the message was written, and counts from now on.
    void stateWritten(Kept kept, Kept.Place place, int size) {
        place.segment().usage().stateWritten(size);
        stateMoved(kept, place);
        store(kept);
    }

    /// A DONE record was written.
    ///
    /// @param home the segment with the MAIL record
    void doneWritten(Kept.Place done, Segment home) {
        if (done.segment() != home) {
            done.segment().usage().doneWritten(home.name());
        }
    }

    /// The message is gone.
    void gone(Kept kept, List<Kept.Share> shares) {
        for (Kept.Share share : shares) {
            share.segment().usage().contentCounts(-share.bytes());
            share.segment().usage().straddlers().remove(kept.id());
        }
        Kept.Place state = kept.state();
        if (state != null) {
            state.segment().usage().stateCounts(false);
        }
        active.remove(kept.id());
        copies.remove(kept.id());
        waiting.remove(kept.id());
    }

    /// The message's text and MAIL record lie elsewhere now.
    void mailMoved(Kept kept, List<Kept.Share> from, Kept.Place mail, List<Kept.Share> to) {
        for (Kept.Share share : from) {
            share.segment().usage().contentCounts(-share.bytes());
            share.segment().usage().straddlers().remove(kept.id());
        }
        kept.mail(mail);
        count(kept, to);
        store(kept);
    }

    /// An older MAIL record of the message stays in this segment.
    void copyStays(QueueId id, Segment segment) {
        copies.computeIfAbsent(id, key -> new LinkedHashSet<>()).add(segment);
    }

    /// The segments that hold a MAIL record of the message: each needs a DONE record of its own.
    Set<Segment> homes(Kept kept) {
        Set<Segment> homes = new LinkedHashSet<>();
        homes.add(kept.mail().segment());
        homes.addAll(copies.getOrDefault(kept.id(), Set.of()));
        return homes;
    }

    /// A segment's file is gone.
    void remove(Segment segment) {
        segments.remove(segment);
        copies.values().forEach(homes -> homes.remove(segment));
        copies.values().removeIf(Set::isEmpty);
    }

    /// The record that counts for a message lies elsewhere now; `kept` is stored by the caller.
    void stateMoved(Kept kept, Kept.Place place) {
        Kept.Place before = kept.state();
        if (before != null) {
            before.segment().usage().stateCounts(false);
        }
        place.segment().usage().stateCounts(true);
        kept.state(place);
    }

    /// Puts a changed copy back.
    void store(Kept kept) {
        if (!active.containsKey(kept.id())) {
            waiting.put(kept);
        }
    }

    /// Counts what a message takes in each segment.
    void count(Kept kept, List<Kept.Share> shares) {
        for (Kept.Share share : shares) {
            share.segment().usage().contentCounts(share.bytes());
            if (share.segment() != kept.mail().segment()) {
                share.segment().usage().straddlers().add(kept.id());
            }
        }
    }
}
