package postern.mailauth;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.message.AddressScan;
import postern.message.Field;

/// The fields of one message's header that a signature may cover, as far as they fit into memory: of a name
/// that does not fit no field is kept, and it is not signed.
final class MailHeader {
    /// The most bytes that are kept.
    private static final int MOST = 256 * 1024;

    private static final int MOST_OF_A_NAME = 50;

    private final Set<String> wanted;
    private final Map<String, List<byte[]>> kept = new HashMap<>();
    private final Set<String> left = new HashSet<>();
    private int size;

    /// @param wanted names in lower case
    MailHeader(Set<String> wanted) {
        this.wanted = wanted;
    }

    void add(Field field) {
        String name = field.name().toLowerCase(Locale.ROOT);
        if (!wanted.contains(name) || left.contains(name)) {
            return;
        }
        List<byte[]> those = kept.computeIfAbsent(name, none -> new ArrayList<>(1));
        int length = field.to() - field.from();
        if (size + length > MOST || those.size() == MOST_OF_A_NAME) {
            leave(name);
            return;
        }
        byte[] bytes = new byte[length];
        System.arraycopy(field.bytes(), field.from(), bytes, 0, length);
        those.add(bytes);
        size += length;
    }

    /// A field that is too long to be kept.
    void tooLong(Field beginning) {
        leave(beginning.name().toLowerCase(Locale.ROOT));
    }

    private void leave(String name) {
        left.add(name);
        List<byte[]> those = kept.remove(name);
        if (those != null) {
            those.forEach(bytes -> size -= bytes.length);
        }
    }

    /// The fields of a name, from the top of the header down.
    List<byte[]> named(String name) {
        return kept.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }

    /// Whether all fields of a name are there.
    boolean isWhole(String name) {
        return !left.contains(name.toLowerCase(Locale.ROOT));
    }

    /// The first author, with a domain; null when there is none.
    @Nullable
    Address author() {
        String text = new String(named("From").getFirst(), StandardCharsets.ISO_8859_1);
        for (AddressScan.Found found : AddressScan.of(text.substring(text.indexOf(':') + 1))) {
            if (found.address().domain() != null) {
                return found.address();
            }
        }
        return null;
    }
}
