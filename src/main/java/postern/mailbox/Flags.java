package postern.mailbox;

import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The flags of a message (RFC 9051 §2.3.2): system flags, and keywords, which are the same in upper and lower
/// case and keep the case they first came in.
///
/// @param bits of the system flags: [Flag#bit()]
/// @param keywords by name, none twice
public record Flags(int bits, List<String> keywords) {
    public static final Flags NONE = new Flags(0, List.of());

    private static final int ALL = (1 << Flag.values().length) - 1;

    /// The system flags, in the order of their bits.
    public enum Flag {
        SEEN("\\Seen"),
        ANSWERED("\\Answered"),
        FLAGGED("\\Flagged"),
        DELETED("\\Deleted"),
        DRAFT("\\Draft");

        private final String label;

        Flag(String label) {
            this.label = label;
        }

        /// `\Seen`
        public String label() {
            return label;
        }

        /// Its bit; the same for ever, since stores keep it.
        public int bit() {
            return 1 << ordinal();
        }
    }

    public Flags {
        bits &= ALL;
        keywords = keywords.isEmpty() ? List.of() : List.copyOf(byName(keywords));
    }

    public static Flags of(Flag... flags) {
        int bits = 0;
        for (Flag flag : flags) {
            bits |= flag.bit();
        }
        return new Flags(bits, List.of());
    }

    private static TreeSet<String> byName(Collection<String> keywords) {
        TreeSet<String> sorted = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        sorted.addAll(keywords);
        return sorted;
    }

    public boolean has(Flag flag) {
        return (bits & flag.bit()) != 0;
    }

    /// These and others.
    public Flags with(Flags others) {
        return new Flags(
                bits | others.bits,
                Stream.concat(keywords.stream(), others.keywords.stream()).toList());
    }

    /// These without others.
    public Flags without(Flags others) {
        TreeSet<String> rest = byName(keywords);
        others.keywords.forEach(rest::remove);
        return new Flags(bits & ~others.bits, List.copyOf(rest));
    }

    /// `\Seen \Flagged $Forwarded`
    @Override
    public String toString() {
        return Stream.concat(Stream.of(Flag.values()).filter(this::has).map(Flag::label), keywords.stream())
                .collect(Collectors.joining(" "));
    }
}
