package postern.queue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import postern.config.MainCf;
import postern.config.SafeFile;
import postern.log.MailLog;
import postern.smtp.HandoverId;

/// Who has which message already, of messages that have not reached all of their recipients, and who may have
/// one because the reply to it was lost: so that nobody gets a message again when its client comes again.
/// Entries are keyed hashes of 64 bits, and the time; of lost replies also the hand-over id. They are kept for
/// `maximal_queue_lifetime`, those of lost replies for `postern_handover_lifetime`. See the package's page.
///
/// Safe for use from many threads; nobody who asks waits for the disk.
public final class Ledger implements AutoCloseable {
    private static final int KEY_BYTES = 32;

    private final @Nullable Disk disk;
    private final SecretKeySpec key;
    private final InstantSource clock;
    private final MailLog log;
    private final Book<Copies> copies;
    private final Book<Doubts> doubts;
    private volatile Lifetimes lifetimes;

    /// How long entries are of use.
    ///
    /// @param copies `maximal_queue_lifetime`
    /// @param doubts `postern_handover_lifetime`
    record Lifetimes(Duration copies, Duration doubts) {
        static Lifetimes of(MainCf cf) {
            return new Lifetimes(cf.get(Retry.MAXIMAL_QUEUE_LIFETIME), cf.get(TakenIds.POSTERN_HANDOVER_LIFETIME));
        }
    }

    /// One recipient's copy of one message.
    ///
    /// @param who of [#who]
    /// @param what of [#what]
    public record Copy(long who, long what) {}

    /// What can be asked about a copy that its recipient may have: the reply to it was lost.
    ///
    /// @param id what it was handed over under
    /// @param where of [#where]
    public record Doubt(HandoverId id, long where) {}

    Ledger(@Nullable Disk disk, byte[] key, Lifetimes lifetimes, InstantSource clock, MailLog log) {
        this.disk = disk;
        this.key = new SecretKeySpec(key, "HmacSHA256");
        this.lifetimes = lifetimes;
        this.clock = clock;
        this.log = log;
        this.copies = new Book<>(disk, LedgerFile.COPIES, new Copies(), this::oldestCopy, log);
        this.doubts = new Book<>(disk, LedgerFile.DOUBTS, new Doubts(), this::oldestDoubt, log);
    }

    /// Takes the ledger of this configuration: the directory `postern/handover` in `$queue_directory`.
    ///
    /// @throws IOException when it cannot be read, or another process has it
    public static Ledger open(MainCf cf, InstantSource clock, MailLog log) throws IOException {
        Path directory = cf.file(cf.get(LogQueue.QUEUE_DIRECTORY)).resolve("postern/handover");
        Disk disk = FileDisk.take(directory);
        try {
            Ledger ledger = new Ledger(disk, key(directory.resolve("key")), Lifetimes.of(cf), clock, log);
            ledger.recover();
            return ledger;
        } catch (IOException | RuntimeException e) {
            disk.close();
            throw e;
        }
    }

    /// One without a disk, in which nothing can be written down: for a configuration that is only looked at.
    public static Ledger closed() {
        Lifetimes none = new Lifetimes(Duration.ZERO, Duration.ZERO);
        return new Ledger(null, new byte[KEY_BYTES], none, InstantSource.system(), MailLog.none());
    }

    /// Entries are of use for as long as this configuration says from now on.
    public void reload(MainCf cf) {
        lifetimes = Lifetimes.of(cf);
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
        LedgerFile.read(disk, LedgerFile.COPIES, copies.entries()::read);
        boolean doubted = LedgerFile.read(disk, LedgerFile.DOUBTS, doubts.entries()::read);
        try {
            copies.force(0);
            if (doubted) {
                doubts.force(0);
            }
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

    /// A server.
    ///
    /// @param address and port
    public long where(String address) {
        return keyed(bytes("server"), bytes(address));
    }

    public boolean isEmpty() {
        return copies.ask(all -> all.size() == 0) && doubts.ask(Doubts::isEmpty);
    }

    /// What recipients have in common who have, or may have, the same messages of those in the ledger; 0 for one
    /// who has none.
    public long group(long who) {
        long group = copies.ask(all -> all.group(who, oldestCopy()));
        for (long what : doubts.ask(all -> all.messages(who, oldestDoubt()))) {
            group ^= has(new Copy(who, what)) ? 0 : what;
        }
        return group;
    }

    public boolean has(Copy copy) {
        return copies.ask(all -> all.has(copy, oldestCopy()));
    }

    /// What can be asked about a copy whose reply was lost; null for any other.
    public @Nullable Doubt doubt(Copy copy) {
        return doubts.<@Nullable Doubt>ask(all -> all.of(copy, oldestDoubt()));
    }

    private long oldestCopy() {
        return now() - lifetimes.copies().toSeconds();
    }

    private long oldestDoubt() {
        return now() - lifetimes.doubts().toSeconds();
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }

    /// Writes entries down, those that are there already too if they are not on the disk yet. They last when
    /// this returns; entries of several threads are forced together.
    ///
    /// @throws IOException when they cannot be forced now; until a restart they count nevertheless
    public void write(List<Copy> entries) throws IOException {
        copies.force(copies.add(all -> {
            int before = all.size();
            entries.stream().filter(copy -> !all.has(copy, oldestCopy())).forEach(copy -> all.add(copy, now()));
            return all.size() - before;
        }));
    }

    /// Writes down whose copy has a fate that is not known. It lasts when this returns.
    ///
    /// @throws IOException as [#write]
    public void doubt(Map<Copy, Doubt> entries) throws IOException {
        doubts.force(doubts.add(all -> {
            entries.forEach((copy, doubt) -> all.add(copy, doubt, now()));
            return entries.size();
        }));
    }

    /// These are in doubt no more, from now on. That lasts only with the next entry, or after [#settle].
    public void forget(List<Copy> entries) {
        end(entries);
    }

    /// The same, and it lasts when this returns.
    ///
    /// @throws IOException when it cannot be forced now: then they are in doubt as before
    public void settle(List<Copy> entries) throws IOException {
        Map<Copy, Doubt> before = new HashMap<>();
        for (Copy copy : entries) {
            Doubt doubt = doubt(copy);
            if (doubt != null) {
                before.put(copy, doubt);
            }
        }
        try {
            doubts.force(end(entries));
        } catch (IOException e) {
            doubts.add(all -> {
                before.forEach((copy, doubt) -> all.add(copy, doubt, now()));
                return before.size();
            });
            throw e;
        }
    }

    private long end(List<Copy> entries) {
        return doubts.add(all -> {
            int before = all.size();
            entries.stream()
                    .filter(copy -> all.of(copy, oldestDoubt()) != null)
                    .forEach(copy -> all.add(copy, null, now()));
            return all.size() - before;
        });
    }

    @Override
    public void close() {
        copies.close();
        doubts.close();
        if (disk != null) {
            disk.close();
        }
    }
}
