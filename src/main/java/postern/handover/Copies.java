package postern.handover;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.smtp.Recipient;

/// The copies of one message, and which of them each RCPT of the client has become: one, several that an alias
/// stands for, or none. Two may stand for the same. Confined to the session's thread.
final class Copies {
    private final List<List<Copy>> byRcpt = new ArrayList<>(1);
    private final Map<String, Copy> byAddress = new HashMap<>(2);

    /// The copy of a recipient who was taken before, or null.
    @Nullable
    Copy of(Recipient recipient) {
        return byAddress.get(recipient.address().key());
    }

    /// A RCPT was taken.
    ///
    /// @param copies by the addresses that it stands for
    void add(Map<String, Copy> copies) {
        byRcpt.add(List.copyOf(copies.values()));
        byAddress.putAll(copies);
    }

    /// What each RCPT has become, in their order.
    List<List<Copy>> byRcpt() {
        return byRcpt;
    }

    /// Whether there are several.
    boolean areSeveral() {
        return byAddress.size() > 1;
    }

    List<Copy> all() {
        return byRcpt.size() == 1
                ? byRcpt.getFirst()
                : byRcpt.stream().flatMap(List::stream).distinct().toList();
    }
}
