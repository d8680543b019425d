package postern.sasl;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import postern.log.MailLog;

/// Keys for SCRAM that were made of a password when its owner logged in with it (`POSTERN_SCRAM_LEARN`). They are
/// bound to the stored hash: another password, and they count no more. The password cannot be had from them.
///
/// The file has a line `name|seal|iterations,salt,storedkey,serverkey` for each, and is written behind what
/// changes it, by another thread.
public final class LearnedKeys {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int SALT_BYTES = 16;
    private static final int MOST = 100_000;

    /// @param seal of the stored hash, [User#seal(String)]
    private record Learned(String seal, ScramKeys keys) {}

    private final KeptLines file;
    private final Map<String, Learned> learned = new TreeMap<>();
    private long version;

    /// Reads the file; lines that cannot be read are left out with a warning.
    ///
    /// @param file null to keep nothing over a restart
    public LearnedKeys(@Nullable Path file, Executor writer, MailLog log) {
        this.file = new KeptLines(file, writer, log, "keys for SCRAM");
        this.file.read(this::read);
    }

    /// Keys that are never kept.
    public static LearnedKeys inMemory() {
        return new LearnedKeys(null, Runnable::run, MailLog.none());
    }

    private void read(String line) {
        String[] parts = line.split("\\|", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("a line is name|seal|keys");
        }
        learned.put(parts[0], new Learned(parts[1], ScramKeys.parse(parts[2])));
    }

    /// Counts up with each change.
    synchronized long version() {
        return version;
    }

    /// The keys of a name, as long as its hash is what it was.
    synchronized @Nullable ScramKeys find(String name, String seal) {
        Learned found = learned.get(name);
        return found == null || !found.seal.equals(seal) ? null : found.keys;
    }

    /// Whether there are keys for this stored hash, `{SCHEME}hash`.
    public boolean has(String name, String stored) {
        return find(name, User.seal(stored)) != null;
    }

    /// Makes keys of a password that has just proved to be right. Takes milliseconds of CPU.
    ///
    /// @param salt that the keys must have; null for a new one
    void learn(String name, String seal, String password, byte @Nullable [] salt) {
        byte[] with = salt == null ? new byte[SALT_BYTES] : salt;
        if (salt == null) {
            RANDOM.nextBytes(with);
        }
        ScramKeys keys = ScramKeys.derive(password, with, ScramKeys.ITERATIONS);
        synchronized (this) {
            if (learned.size() >= MOST && !learned.containsKey(name)) {
                return;
            }
            learned.put(name, new Learned(seal, keys));
            version++;
            file.save(this::text);
        }
    }

    private synchronized String text() {
        return learned.entrySet().stream()
                .map(each -> each.getKey() + "|" + each.getValue().seal + "|"
                        + each.getValue().keys.text() + "\n")
                .collect(Collectors.joining());
    }
}
