package postern.queue;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import postern.config.MainCf;
import postern.config.Parameter;
import postern.log.MailLog;

/// The ids under which messages were committed, for as long as somebody may ask for them: 64 bits of each, in
/// sets that each hold an eighth of the time or of the number, and go as a whole, oldest first.
///
/// On the disk an id is in the MAIL record of its message, forced with it. From there it is copied to the file
/// of the newest set, together with many others, and always before a segment goes. Safe for use from many
/// threads; nobody who asks waits for the disk.
final class TakenIds {
    static final Parameter<Duration> POSTERN_HANDOVER_LIFETIME = Parameter.time("postern_handover_lifetime", "7d")
            .doc("How long the ids of messages that were handed over are known: longer than a sender tries to send one"
                    + " again. Read at start.");

    private static final int PARTS = 8;
    /// So many wait at most for being written when nothing else wants it.
    private static final int MOST_UNFORCED = 8192;

    /// How many ids are kept for how long.
    record Limits(Duration lifetime, int most) {
        /// 19 MB in memory at most.
        private static final int MOST = 1_000_000;

        static final Limits STANDARD = new Limits(Duration.ofDays(7), MOST);

        static Limits of(MainCf cf) {
            return new Limits(cf.get(POSTERN_HANDOVER_LIFETIME), MOST);
        }
    }

    /// A set with its file.
    ///
    /// @param since seconds of the epoch
    private record Part(int number, long since, IdSet ids) {}

    private final Disk disk;
    private final Limits limits;
    private final InstantSource clock;
    private final MailLog log;
    private final Output output = new Output();
    private final ArrayDeque<Part> parts = new ArrayDeque<>();
    private long[] unforced = new long[64];
    private int count;
    private boolean forgetful;

    TakenIds(Disk disk, Limits limits, InstantSource clock, MailLog log) {
        this.disk = disk;
        this.limits = limits;
        this.clock = clock;
        this.log = log;
    }

    /// Reads the files there are.
    ///
    /// @return the first segment whose MAIL records may hold ids that are in none of them
    int recover() throws IOException {
        NavigableSet<Integer> numbers = new TreeSet<>();
        for (String name : disk.list()) {
            if (TakenFile.number(name) >= 0) {
                numbers.add(TakenFile.number(name));
            }
        }
        int covered = 0;
        for (int number : numbers) {
            IdSet ids = new IdSet();
            TakenFile.Found found = TakenFile.read(disk, number, ids::add);
            if (found == null) {
                delete(number);
                continue;
            }
            covered = Math.max(covered, found.covered());
            parts.addLast(new Part(number, found.since(), ids));
            output.take(found.file(), number);
        }
        output.force();
        return covered;
    }

    /// One that cannot be deleted now is read again at the next start.
    private void delete(int number) {
        try {
            disk.delete(TakenFile.name(number));
        } catch (IOException e) {
            log.warning("postern", "queue: " + TakenFile.name(number) + " cannot be deleted: " + e.getMessage());
        }
    }

    synchronized boolean has(long id) {
        for (Part part : parts) {
            if (part.ids().has(id)) {
                return true;
            }
        }
        return false;
    }

    /// A message was committed under this id.
    synchronized void add(long id) {
        newest().ids().add(id);
        if (count == unforced.length) {
            unforced = Arrays.copyOf(unforced, count * 2);
        }
        unforced[count++] = id;
    }

    private Part newest() {
        Part last = parts.peekLast();
        long now = clock.instant().getEpochSecond();
        boolean over = last == null
                || last.ids().size() >= limits.most() / PARTS
                || now - last.since() >= limits.lifetime().toSeconds() / PARTS;
        if (over) {
            last = begin(now);
        }
        return last;
    }

    private Part begin(long now) {
        Part last = parts.peekLast();
        Part next = new Part(last == null ? 1 : last.number() + 1, now, new IdSet());
        parts.addLast(next);
        return next;
    }

    /// Whether so many wait for being written that it should be done now.
    synchronized boolean isWanted() {
        return count >= MOST_UNFORCED;
    }

    /// All that were added last when this returns.
    ///
    /// @param covered the ids of messages in segments before this one have all been added
    /// @throws IOException when they cannot be written now; nothing is lost, the next try takes a new file
    void force(int covered) throws IOException {
        synchronized (output) {
            Part part;
            long[] ids;
            synchronized (this) {
                if (count == 0) {
                    return;
                }
                part = newest();
                ids = Arrays.copyOf(unforced, count);
            }
            try {
                output.write(part, ids, covered);
            } catch (IOException e) {
                output.close();
                goOnElsewhere(part);
                throw e;
            }
            forced(ids.length).forEach(this::delete);
        }
    }

    /// Nothing more goes to the file of this part.
    private synchronized void goOnElsewhere(Part part) {
        if (parts.peekLast() == part) {
            begin(part.since());
        }
    }

    /// Returns the files that are of no use any more.
    private synchronized List<Integer> forced(int written) {
        System.arraycopy(unforced, written, unforced, 0, count - written);
        count -= written;
        if (count < MOST_UNFORCED && unforced.length > 4 * MOST_UNFORCED) {
            unforced = Arrays.copyOf(unforced, MOST_UNFORCED);
        }
        List<Integer> gone = new ArrayList<>(0);
        long oldest = clock.instant().getEpochSecond() - limits.lifetime().toSeconds();
        while (parts.size() > 1 && (isOver(oldest) || isFull())) {
            gone.add(parts.removeFirst().number());
        }
        return gone;
    }

    /// Whether the first part's ids are all as old as that: the second had begun then.
    private boolean isOver(long oldest) {
        return parts.stream().skip(1).findFirst().orElseThrow().since() <= oldest;
    }

    private boolean isFull() {
        boolean full = parts.stream().mapToInt(part -> part.ids().size()).sum() > limits.most();
        if (full && !forgetful) {
            forgetful = true;
            log.warning(
                    "postern",
                    "queue: more than " + limits.most()
                            + " messages were handed over within postern_handover_lifetime: the oldest ids are"
                            + " forgotten");
        }
        return full;
    }

    void close() {
        synchronized (output) {
            output.close();
        }
    }

    /// The file of the newest part that was written. Guards itself.
    private final class Output {
        private @Nullable TakenFile file;
        private int number = -1;
        private boolean named;

        void take(TakenFile found, int itsNumber) {
            close();
            file = found;
            number = itsNumber;
        }

        /// What was read of it may have been on its way to the disk only.
        void force() throws IOException {
            TakenFile present = file;
            if (present != null) {
                present.force();
                disk.forceDirectory();
                named = true;
            }
        }

        void write(Part part, long[] ids, int covered) throws IOException {
            TakenFile to = file;
            if (to == null || number != part.number()) {
                close();
                to = TakenFile.create(disk, part.number(), part.since());
                take(to, part.number());
            }
            to.append(ids, covered);
            if (!named) {
                disk.forceDirectory();
                named = true;
            }
        }

        void close() {
            TakenFile present = file;
            if (present != null) {
                present.close();
            }
            file = null;
            named = false;
        }
    }
}
