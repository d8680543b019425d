package postern.handover;

import java.util.HashMap;
import java.util.Map;

/// The next hops in use. Safe for use from many threads.
final class Hops {
    /// So many may be remembered before those out of use are forgotten.
    private static final int MOST = 1000;

    private final Map<String, Hop> byKey = new HashMap<>();

    /// Whether no next hop has a line in use.
    synchronized boolean areIdle() {
        return byKey.values().stream().allMatch(Hop::isIdle);
    }

    synchronized Hop of(Way.To way) {
        if (byKey.size() >= MOST) {
            byKey.values().removeIf(Hop::isIdle);
        }
        return byKey.computeIfAbsent(way.key(), _ -> new Hop(way.lines()));
    }
}
