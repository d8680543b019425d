package postern.queue;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import postern.log.MailLog;
import postern.smtp.Fates;
import postern.smtp.HandoverId;
import postern.smtp.Reply;

/// What became of hand-overs by their ids (docs/xhandover.md): under way, taken, or given up by those who asked
/// for them. Safe for use from many threads; nobody who asks waits for the disk.
final class Handovers implements Fates {
    private static final Reply USED = Reply.of("451 4.5.0 Error: this hand-over id has been used");
    /// Longer than a connection can hold a transaction.
    private static final Duration GIVEN_UP_FOR = Duration.ofDays(1);

    private static final int GIVEN_UP_MOST = 10_000;

    private final TakenIds taken;
    private final InstantSource clock;
    private final Set<HandoverId> underWay = new HashSet<>();
    private final Map<HandoverId, Instant> givenUp = new LinkedHashMap<>();

    Handovers(Disk disk, TakenIds.Limits limits, InstantSource clock, MailLog log) {
        this.taken = new TakenIds(disk, limits, clock, log);
        this.clock = clock;
    }

    TakenIds taken() {
        return taken;
    }

    /// As many bits as are kept: of random ones, a half is as good as the whole.
    private static long half(HandoverId id) {
        return id.high() * 31 + id.low();
    }

    /// A transaction under this id begins.
    ///
    /// @throws Reply.Refused when there was another, or when somebody was told that there was none
    synchronized void begin(HandoverId id) {
        if (givenUp.containsKey(id) || taken.has(half(id)) || !underWay.add(id)) {
            throw new Reply.Refused(USED);
        }
    }

    /// It is over; what was not committed until now never will be.
    synchronized void end(HandoverId id) {
        underWay.remove(id);
    }

    /// Its message lasts.
    void committed(HandoverId id) {
        taken.add(half(id));
    }

    /// Who hears that an id is unknown sends the message again. What still comes under that id, late on a
    /// connection that was thought lost, must not be taken then.
    @Override
    public synchronized Fate of(HandoverId id) {
        if (taken.has(half(id))) {
            return Fate.TAKEN;
        }
        return underWay.contains(id) || !giveUp(id) ? Fate.UNDECIDED : Fate.UNKNOWN;
    }

    /// Returns whether that can be remembered.
    private boolean giveUp(HandoverId id) {
        Instant now = clock.instant();
        Iterator<Instant> times = givenUp.values().iterator();
        while (times.hasNext() && times.next().plus(GIVEN_UP_FOR).isBefore(now)) {
            times.remove();
        }
        if (givenUp.size() >= GIVEN_UP_MOST && !givenUp.containsKey(id)) {
            return false;
        }
        givenUp.putIfAbsent(id, now);
        return true;
    }

    /// An id in a MAIL record is known from now on, as it was before.
    void recovered(HandoverId id) {
        if (!taken.has(half(id))) {
            committed(id);
        }
    }
}
