package postern.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The deliveries of one transport: which may start now.
///
/// Fairness is in three rings. Destinations take turns for the transport's slots; jobs take turns at a
/// destination ([Turns]); and letters go before mailings (jobs of many deliveries, and mail that is tried
/// again): while both wait, one start of every `delivery_slot_cost` is a mailing's, and mailings never fill
/// the last of the slots. So a letter waits for no mailing to end, which is what Postfix's job preemption is
/// for, and no mailing starves.
///
/// Guarded by the lock of [ActiveQueue].
final class Slots {
    private final Map<String, Destination> destinations = new HashMap<>();
    private final Ring letters = new Ring(false);
    private final Ring mailings = new Ring(true);
    private Transport transport;
    private int running;
    private int mailingsRunning;
    private int lettersInARow;
    /// Destinations that pause, and until when: `destination_rate_delay`.
    private final Map<Destination, Instant> paused = new HashMap<>();
    /// When the next delivery may start: `transport_rate_delay`.
    private Instant nextAllowed = Instant.MIN;

    Slots(Transport transport) {
        this.transport = transport;
    }

    Transport transport() {
        return transport;
    }

    /// The same transport as another configuration has it.
    void transport(Transport other) {
        transport = other;
        destinations.values().forEach(destination -> destination.window().limits(other.limits()));
    }

    Collection<Destination> destinations() {
        return destinations.values();
    }

    Destination destination(String nextHop) {
        return destinations.computeIfAbsent(
                nextHop.toLowerCase(Locale.ROOT), _ -> new Destination(nextHop, transport.limits()));
    }

    /// To be called when a destination got entries or room.
    void offer(Destination destination) {
        letters.offer(destination);
        mailings.offer(destination);
    }

    /// Takes the entry whose delivery may start next; null when none may.
    @Nullable
    Entry next(Instant now) {
        if (running >= transport.processLimit() || now.isBefore(nextAllowed)) {
            return null;
        }
        Entry entry = lettersInARow + 1 < transport.limits().slotCost() ? null : nextMailing();
        if (entry == null) {
            entry = letters.next();
        }
        if (entry == null) {
            entry = nextMailing();
        }
        if (entry != null) {
            started(entry);
            nextAllowed = transport.limits().transportPause().isZero()
                    ? Instant.MIN
                    : now.plus(transport.limits().transportPause());
        }
        return entry;
    }

    private @Nullable Entry nextMailing() {
        return mailingsRunning < transport.mailingSlots() ? mailings.next() : null;
    }

    private void started(Entry entry) {
        running++;
        if (entry.job().mailing()) {
            mailingsRunning++;
            lettersInARow = 0;
        } else {
            lettersInARow++;
        }
    }

    /// An entry's delivery is over.
    void ended(Entry entry, Instant now) {
        running--;
        if (entry.job().mailing()) {
            mailingsRunning--;
        }
        Destination destination = entry.destination();
        destination.ended();
        Duration pause = transport.limits().destinationPause();
        if (!pause.isZero()) {
            destination.paused(true);
            paused.put(destination, now.plus(pause));
        }
        offer(destination);
        if (destination.isIdle(now, Instant.MIN)) {
            destinations.remove(destination.nextHop().toLowerCase(Locale.ROOT));
        }
    }

    /// Ends the pauses that are over: afterwards something may start.
    void endPauses(Instant now) {
        paused.entrySet().removeIf(pause -> {
            boolean over = !now.isBefore(pause.getValue());
            if (over) {
                pause.getKey().paused(false);
                offer(pause.getKey());
            }
            return over;
        });
    }

    /// When the next pause is over; null when there is none.
    @Nullable
    Instant nextStart(Instant now) {
        Instant next = now.isBefore(nextAllowed) ? nextAllowed : null;
        for (Instant end : paused.values()) {
            next = next == null || end.isBefore(next) ? end : next;
        }
        return next;
    }

    /// Forgets destinations without work that failed, but not since then.
    void sweep(Instant now, Instant since) {
        destinations.values().removeIf(destination -> destination.isIdle(now, since));
    }

    /// Destinations that have entries of one kind, and room for them.
    private static final class Ring {
        private final ArrayDeque<Destination> destinations = new ArrayDeque<>();
        private final boolean mailing;

        Ring(boolean mailing) {
            this.mailing = mailing;
        }

        void offer(Destination destination) {
            Turns turns = destination.turns(mailing);
            if (turns.size() > 0 && destination.hasRoom() && !turns.isListed()) {
                turns.listed(true);
                destinations.addLast(destination);
            }
        }

        @Nullable
        Entry next() {
            for (Destination first = destinations.pollFirst(); first != null; first = destinations.pollFirst()) {
                Turns turns = first.turns(mailing);
                turns.listed(false);
                Entry entry = first.hasRoom() ? turns.next() : null;
                if (entry != null) {
                    first.started();
                    offer(first);
                    return entry;
                }
            }
            return null;
        }
    }
}
