package postern.queue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// How much of a segment is still wanted. Guarded by the queue's lock.
final class SegmentUsage {
    private static final int DONE_BYTES = LogRecord.HEADER + 8;

    /// Bytes of texts and MAIL records: all, and those of messages that are not gone.
    private long content;

    private long liveContent;
    /// LATER and HOLD records: all, those that count, and the bytes of all.
    private int states;

    private int liveStates;
    private long stateBytes;
    /// DONE records that are needed as long as the segment with the message's MAIL record exists, by it.
    private final Map<SegmentName, Integer> dones = new HashMap<>();
    /// Messages whose MAIL record lies in a later segment than some of their text, which lies here.
    private final Set<QueueId> straddlers = new HashSet<>();
    /// Messages on their way in, with pieces here.
    private int pins;
    /// Whether there are records of kinds that this version does not know.
    private boolean unknown;

    /// Records of a text, or a MAIL record, were written.
    void contentWritten(long bytes) {
        content += bytes;
    }

    /// They belong to a message now, or (negative) it is gone.
    void contentCounts(long bytes) {
        liveContent += bytes;
    }

    /// A state record was written.
    void stateWritten(int size) {
        states++;
        stateBytes += size;
    }

    void stateCounts(boolean counts) {
        liveStates += counts ? 1 : -1;
    }

    void doneWritten(SegmentName mail) {
        dones.merge(mail, 1, Integer::sum);
    }

    /// A DONE record that was counted lies elsewhere now.
    void doneMoved(SegmentName mail) {
        dones.computeIfPresent(mail, (name, count) -> count == 1 ? null : count - 1);
    }

    void segmentGone(SegmentName mail) {
        dones.remove(mail);
    }

    void unknownWritten() {
        unknown = true;
    }

    void pin(boolean on) {
        pins += on ? 1 : -1;
    }

    boolean isPinned() {
        return pins > 0;
    }

    Set<QueueId> straddlers() {
        return straddlers;
    }

    boolean isEmpty() {
        return liveContent == 0 && liveStates == 0 && dones.isEmpty() && straddlers.isEmpty() && !unknown;
    }

    /// Bytes still wanted, the state records' by their average.
    long live() {
        long bytes = liveContent;
        if (states > 0) {
            bytes += stateBytes * liveStates / states;
        }
        for (int count : dones.values()) {
            bytes += (long) count * DONE_BYTES;
        }
        return bytes;
    }

    /// Whether texts lie here that nobody wants any more.
    boolean hasDeadContent() {
        return liveContent < content;
    }
}
