package postern.lookup;

import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What was answered a moment ago by something that is slow to ask. Holds at most so many answers, each for so
/// long; the oldest goes first. Safe for use from many threads.
public final class Recent<K, V> {
    private record Kept<V>(V value, long until) {}

    private final long millis;
    private final InstantSource clock;
    private final Map<K, Kept<V>> kept;

    public Recent(Duration time, int most, InstantSource clock) {
        this.millis = time.toMillis();
        this.clock = clock;
        this.kept = new LinkedHashMap<>() {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, Kept<V>> eldest) {
                return size() > most;
            }
        };
    }

    /// The answer, null when there is none or it is too old.
    public synchronized @Nullable V get(K key) {
        Kept<V> found = kept.get(key);
        if (found == null) {
            return null;
        }
        long left = found.until - clock.millis();
        // The second case: the clock was set back.
        if (left <= 0 || left > millis) {
            kept.remove(key);
            return null;
        }
        return found.value;
    }

    public synchronized void put(K key, V value) {
        kept.remove(key);
        kept.put(key, new Kept<>(value, clock.millis() + millis));
    }
}
