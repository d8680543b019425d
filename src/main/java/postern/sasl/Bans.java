package postern.sasl;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import postern.config.Cidr;
import postern.log.MailLog;

/// The networks that are not listened to. They outlive a reload, and in their file a restart; the file is
/// written behind what changes them, by another thread. At most [#MOST]: the oldest are forgotten first.
public final class Bans {
    static final int MOST = 8192;
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private final InstantSource clock;
    private final KeptLines file;
    private final Map<Cidr, Ban> bans = new LinkedHashMap<>();
    private final TreeSet<Integer> lengths = new TreeSet<>();

    /// Reads the file; lines that cannot be read are left out with a warning.
    ///
    /// @param clock the time of day
    /// @param file null to keep nothing over a restart
    /// @param writer runs what writes the file
    public Bans(InstantSource clock, @Nullable Path file, Executor writer, MailLog log) {
        this.clock = clock;
        this.file = new KeptLines(file, writer, log, "bans");
        this.file.read(line -> put(Ban.parse(line)));
    }

    /// Bans that are never kept: for tests, and where nothing listens.
    public static Bans inMemory(InstantSource clock) {
        return new Bans(clock, null, Runnable::run, MailLog.none());
    }

    private void put(Ban ban) {
        if (bans.size() >= MOST && !bans.containsKey(ban.network())) {
            bans.remove(bans.keySet().iterator().next());
        }
        bans.put(ban.network(), ban);
        lengths.add(ban.network().bits());
    }

    /// Bans a network, or lengthens its ban.
    ///
    /// @return whether it was not banned before
    public synchronized boolean ban(Cidr network, String jail, Duration time) {
        Duration length = time.compareTo(LONGEST) > 0 ? LONGEST : time;
        boolean fresh = now(network) == null;
        put(new Ban(network, jail, clock.instant().plus(length)));
        save();
        return fresh;
    }

    /// @return the ban that was lifted, or null when there was none
    public synchronized @Nullable Ban unban(Cidr network) {
        Ban ban = now(network);
        bans.remove(network);
        if (ban != null) {
            save();
        }
        return ban;
    }

    /// The ban of an address, or of a network that it lies in; null when there is none.
    public synchronized @Nullable Ban of(@Nullable InetAddress address) {
        if (address == null || bans.isEmpty()) {
            return null;
        }
        int most = 8 * address.getAddress().length;
        for (int bits : lengths.headSet(most, true)) {
            Ban ban = now(Cidr.around(address, bits));
            if (ban != null) {
                return ban;
            }
        }
        return null;
    }

    private @Nullable Ban now(Cidr network) {
        Ban ban = bans.get(network);
        if (ban != null && !clock.instant().isBefore(ban.until())) {
            bans.remove(network);
            return null;
        }
        return ban;
    }

    /// All of now, the oldest first.
    public synchronized List<Ban> all() {
        Instant now = clock.instant();
        bans.values().removeIf(ban -> !now.isBefore(ban.until()));
        lengths.clear();
        bans.keySet().forEach(network -> lengths.add(network.bits()));
        return List.copyOf(bans.values());
    }

    private void save() {
        file.save(() -> all().stream().map(ban -> ban.line() + "\n").collect(Collectors.joining()));
    }
}
