package postern.queue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import postern.config.MainCf;
import postern.config.SafeFile;
import postern.log.MailLog;

/// Who has which message already, of messages that have not reached all of their recipients: so that nobody
/// gets one again when its client comes again for the rest. Entries are keyed hashes of 64 bits, and the
/// time; they are kept for `maximal_queue_lifetime`. See the package's page.
///
/// Safe for use from many threads; nobody who asks waits for the disk.
public final class Ledger implements AutoCloseable {
    /// Entries that are kept; when more come, the oldest go.
    static final int MOST = 100_000;

    private static final int KEY_BYTES = 32;
    /// So many entries that are of no use any more are left in a file.
    private static final int WASTE = 1000;

    private final @Nullable Disk disk;
    private final SecretKeySpec key;
    private final InstantSource clock;
    private final MailLog log;
    private final Progress progress = new Progress();
    private Duration lifetime;
    private Copies copies = new Copies();
    private @Nullable LedgerFile file;

    /// How far entries have come.
    private static final class Progress {
        long added;
        long forced;
        int written;
        boolean writing;
    }

    /// One recipient's copy of one message.
    ///
    /// @param who of [#who]
    /// @param what of [#what]
    public record Copy(long who, long what) {}

    Ledger(@Nullable Disk disk, byte[] key, Duration lifetime, InstantSource clock, MailLog log) {
        this.disk = disk;
        this.key = new SecretKeySpec(key, "HmacSHA256");
        this.lifetime = lifetime;
        this.clock = clock;
        this.log = log;
    }

    /// Takes the ledger of this configuration: the directory `postern/handover` in `$queue_directory`.
    ///
    /// @throws IOException when it cannot be read, or another process has it
    public static Ledger open(MainCf cf, InstantSource clock, MailLog log) throws IOException {
        Path directory = cf.file(cf.get(LogQueue.QUEUE_DIRECTORY)).resolve("postern/handover");
        Disk disk = FileDisk.take(directory);
        try {
            Duration lifetime = cf.get(Retry.MAXIMAL_QUEUE_LIFETIME);
            Ledger ledger = new Ledger(disk, key(directory.resolve("key")), lifetime, clock, log);
            ledger.recover();
            return ledger;
        } catch (IOException | RuntimeException e) {
            disk.close();
            throw e;
        }
    }

    /// One without a disk, in which nothing can be written down: for a configuration that is only looked at.
    public static Ledger closed() {
        return new Ledger(null, new byte[KEY_BYTES], Duration.ZERO, InstantSource.system(), MailLog.none());
    }

    /// Entries are of use for as long as this configuration says from now on.
    public synchronized void reload(MainCf cf) {
        lifetime = cf.get(Retry.MAXIMAL_QUEUE_LIFETIME);
    }

    /// A key that cannot be one was never whole: nothing was written under it that could be lost.
    private static byte[] key(Path path) throws IOException {
        if (Files.exists(path)) {
            byte[] present = Files.readAllBytes(path);
            if (present.length == KEY_BYTES) {
                return present;
            }
        }
        byte[] made = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(made);
        SafeFile.replace(path, made);
        return made;
    }

    /// Reads what is there, and writes it anew without what has expired and without a torn end. Where the disk
    /// does not let it, that waits for the first entry.
    void recover() throws IOException {
        if (disk == null) {
            return;
        }
        synchronized (this) {
            copies = LedgerFile.read(disk);
        }
        try {
            write(List.of());
        } catch (IOException e) {
            log.warning("postern", "the ledger of hand-overs cannot be written: " + e.getMessage());
        }
    }

    /// A recipient of this sender's.
    public long who(postern.address.Path sender, postern.address.Address recipient) {
        return keyed(bytes(sender.internal()), bytes(recipient.internal()));
    }

    /// A message of this sender's.
    ///
    /// @param text hash of all its bytes
    public long what(postern.address.Path sender, byte[] text) {
        return keyed(bytes(sender.internal()), text);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private long keyed(byte[] first, byte[] second) {
        try {
            Mac mac = Mac.getInstance(key.getAlgorithm());
            mac.init(key);
            mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(first.length).flip());
            mac.update(first);
            return ByteBuffer.wrap(mac.doFinal(second)).getLong();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public synchronized boolean isEmpty() {
        return copies.size() == 0;
    }

    /// What recipients have in common who have the same messages of those in the ledger; 0 for one who has
    /// none.
    public synchronized long group(long who) {
        return copies.group(who, oldest());
    }

    public synchronized boolean has(Copy copy) {
        return copies.has(copy, oldest());
    }

    private long oldest() {
        return clock.instant().minus(lifetime).getEpochSecond();
    }

    /// Writes entries down, those that are there already too if they are not on the disk yet. They last when
    /// this returns; entries of several threads are forced together.
    ///
    /// @throws IOException when they cannot be forced now; until a restart they count nevertheless
    public void write(List<Copy> entries) throws IOException {
        long mine = add(entries);
        while (true) {
            Round round = next(mine);
            if (round == null) {
                return;
            }
            @Nullable LedgerFile after = null;
            try {
                after = round.write(disk);
            } finally {
                ended(round, after);
            }
        }
    }

    private synchronized long add(List<Copy> entries) {
        for (Copy copy : entries) {
            if (!copies.has(copy, oldest())) {
                copies.add(copy, clock.instant().getEpochSecond());
                progress.added++;
            }
        }
        return progress.added;
    }

    /// Something to write, by one thread.
    ///
    /// @param present file to append to; null to write a new one
    /// @param old file that a new one takes the place of
    /// @param until the last of all entries ever added that is among the records
    private record Round(
            @Nullable LedgerFile present, @Nullable LedgerFile old, ByteBuffer records, long until, int count) {
        LedgerFile write(@Nullable Disk disk) throws IOException {
            if (disk == null) {
                throw new IOException("no ledger is open");
            }
            if (present == null) {
                return LedgerFile.replace(disk, records);
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
        if (present == null || present.entries() + copies.size() - progress.written > 2L * copies.size() + WASTE) {
            return anew(present);
        }
        if (copies.size() > MOST || copies.olderThan(oldest()) > copies.size() / 2) {
            return anew(present);
        }
        return new Round(present, present, copies.records(progress.written), progress.added, copies.size());
    }

    private Round anew(@Nullable LedgerFile old) {
        // some room at once, or each entry from now on would write a file
        int room = copies.size() > MOST ? MOST - MOST / 10 : MOST;
        int lost = copies.size() - copies.olderThan(oldest()) - room;
        if (lost > 0) {
            log.warning(
                    "postern",
                    "the ledger of hand-overs is full: its oldest " + lost
                            + " entries are forgotten, their recipients may get a message twice");
        }
        copies = copies.since(oldest(), room);
        return new Round(null, old, copies.records(0), progress.added, copies.size());
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
        if (disk != null) {
            disk.close();
        }
    }
}
