package postern.queue;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import postern.log.MailLog;

/// Entries of one kind, in memory and in a [LedgerFile]: what is added is appended, entries of several threads
/// with one force, and now and then a new file takes the place of the old one. Safe for use from many threads;
/// nobody who asks waits for the disk.
///
/// @param <E> the entries
final class Book<E extends Book.Entries<E>> implements Closeable {
    /// Entries that are kept; when more come, the oldest go.
    static final int MOST = 100_000;

    /// So many entries that are of no use any more are left in a file.
    private static final int WASTE = 1000;

    /// Entries in the order they came.
    interface Entries<E> {
        int size();

        /// How many are of no use any more.
        ///
        /// @param oldest seconds of the epoch: those before are not
        int useless(long oldest);

        /// Those of use; of these the last `most`.
        E since(long oldest, int most);

        /// The entries from the `from`-th on as records.
        ByteBuffer records(int from);
    }

    /// How far entries have come.
    private static final class Progress {
        long added;
        long forced;
        int written;
        boolean writing;
    }

    private final @Nullable Disk disk;
    private final LedgerFile.Kind kind;
    private final LongSupplier oldest;
    private final MailLog log;
    private final Progress progress = new Progress();
    private E entries;
    private @Nullable LedgerFile file;

    /// @param oldest seconds of the epoch: entries before are of no use
    Book(@Nullable Disk disk, LedgerFile.Kind kind, E empty, LongSupplier oldest, MailLog log) {
        this.disk = disk;
        this.kind = kind;
        this.entries = empty;
        this.oldest = oldest;
        this.log = log;
    }

    /// The entries, before anybody else has the book.
    E entries() {
        return entries;
    }

    /// What the entries say.
    synchronized <T> T ask(Function<E, T> question) {
        return question.apply(entries);
    }

    /// Changes the entries; what that has added lasts after [#force(long)] with what is returned.
    ///
    /// @param change returns how many were added
    synchronized long add(ToIntFunction<E> change) {
        progress.added += change.applyAsInt(entries);
        return progress.added;
    }

    /// Writes down what was added until then, if that has not been done.
    ///
    /// @throws IOException when it cannot be forced now; until a restart it counts nevertheless
    void force(long mine) throws IOException {
        while (true) {
            Round round = next(mine);
            if (round == null) {
                return;
            }
            @Nullable LedgerFile after = null;
            try {
                after = round.write(disk, kind);
            } finally {
                ended(round, after);
            }
        }
    }

    /// Something to write, by one thread.
    ///
    /// @param present file to append to; null to write a new one
    /// @param old file that a new one takes the place of
    /// @param until the last of all entries ever added that is among the records
    private record Round(
            @Nullable LedgerFile present, @Nullable LedgerFile old, ByteBuffer records, long until, int count) {
        LedgerFile write(@Nullable Disk disk, LedgerFile.Kind kind) throws IOException {
            if (disk == null) {
                throw new IOException("no ledger is open");
            }
            if (present == null) {
                return LedgerFile.replace(disk, kind, records);
            }
            present.append(records);
            return present;
        }
    }

    /// What this thread is to write; null when another has written it.
    private synchronized @Nullable Round next(long mine) {
        while (progress.writing) {
            await();
        }
        LedgerFile present = file;
        if (present != null && progress.forced >= mine) {
            return null;
        }
        progress.writing = true;
        int size = entries.size();
        if (present == null || present.entries() + size - progress.written > 2L * size + WASTE) {
            return anew(present);
        }
        if (size > MOST || entries.useless(oldest.getAsLong()) > size / 2) {
            return anew(present);
        }
        return new Round(present, present, entries.records(progress.written), progress.added, size);
    }

    private Round anew(@Nullable LedgerFile old) {
        // some room at once, or each entry from now on would write a file
        int room = entries.size() > MOST ? MOST - MOST / 10 : MOST;
        int lost = entries.size() - entries.useless(oldest.getAsLong()) - room;
        if (lost > 0) {
            log.warning(
                    "postern",
                    "the ledger of hand-overs is full: its oldest " + lost
                            + " entries are forgotten, their recipients may get a message twice");
        }
        entries = entries.since(oldest.getAsLong(), room);
        return new Round(null, old, entries.records(0), progress.added, entries.size());
    }

    /// @param after the file that the next round may append to; null after a failure: then it makes a new one
    private synchronized void ended(Round round, @Nullable LedgerFile after) {
        progress.writing = false;
        if (after != null) {
            progress.forced = round.until();
            progress.written = round.count();
        }
        if (round.old() != null && round.old() != after) {
            round.old().close();
        }
        file = after;
        notifyAll();
    }

    private void await() {
        try {
            wait();
        } catch (InterruptedException e) {
            throw new UncheckedIOException(new IOException("interrupted", e));
        }
    }

    @Override
    public synchronized void close() {
        while (progress.writing) {
            await();
        }
        if (file != null) {
            file.close();
        }
    }
}
