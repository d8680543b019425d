package postern.mailbox.transfer;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import postern.mailbox.Flags;
import postern.mailbox.Flags.Flag;

/// Flags as IMAP names them.
final class FlagNames {
    private FlagNames() {}

    /// Those that a mailbox keeps: `\Recent`, other names that begin with a backslash, and what is no atom are
    /// left out.
    static Flags of(Collection<String> names) {
        int bits = 0;
        List<String> keywords = new ArrayList<>();
        for (String name : names) {
            if (name.startsWith("\\")) {
                for (Flag flag : Flag.values()) {
                    bits |= flag.label().equalsIgnoreCase(name) ? flag.bit() : 0;
                }
            } else if (isKeyword(name)) {
                keywords.add(name);
            }
        }
        return new Flags(bits, keywords);
    }

    /// Whether it is an atom (RFC 9051 §9), of whatever other bytes.
    static boolean isKeyword(String name) {
        return !name.isEmpty() && name.chars().allMatch(c -> c > ' ' && c != 127 && "(){%*\"\\]".indexOf(c) < 0);
    }
}
