package postern.smtp.client;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import postern.smtp.Offered;

/// The last EHLO of each next hop that clients' mail is handed to: what a client asks of a message must be
/// honoured there. Safe for use from many threads.
final class Heard {
    /// What passes through us to the next hop. CHUNKING does not: it ends here.
    private static final List<String> PASSED_ON = List.of("8BITMIME", "DSN", "SMTPUTF8");

    private static final int MOST = 1000;

    private final Map<String, Offered> byNextHop = new LinkedHashMap<>();
    private volatile Offered all = Offered.EVERYTHING;

    void say(String nextHop, Features features) {
        Set<String> without = new HashSet<>(PASSED_ON);
        without.removeIf(features::offers);
        Offered offered = new Offered(without, features.sizeLimit());
        synchronized (this) {
            if (offered.equals(byNextHop.put(nextHop, offered))) {
                return;
            }
            if (byNextHop.size() > MOST) {
                byNextHop.remove(byNextHop.keySet().iterator().next());
            }
            all = byNextHop.values().stream().reduce(Offered.EVERYTHING, Offered::and);
        }
    }

    /// What all of them honour; everything until one has been heard.
    Offered all() {
        return all;
    }
}
